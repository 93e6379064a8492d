import { hostname } from "node:os";
import type { FastifyInstance } from "fastify";
import { SggError } from "../errors.ts";

/** Listens, and gives the URL under which others reach the server. */
export async function listen(app: FastifyInstance, host: string, port: number): Promise<string> {
  try {
    const url = new URL(await app.listen({ host, port }));
    if (host === "0.0.0.0" || host === "::") url.hostname = hostname();
    return url.origin;
  } catch (cause) {
    if (!(cause instanceof Error && "code" in cause)) throw cause;
    const why =
      cause.code === "EADDRINUSE"
        ? "the port is taken, expected a free one (--port 0 picks one)"
        : cause.message;
    throw new SggError("LAUNCH", `Cannot listen on "${host}:${port}": ${why}`, { cause });
  }
}

/**
 * Answers what has come in and takes nothing new; what is not answered after `graceMs` is cut off.
 */
export async function stop(app: FastifyInstance, graceMs: number): Promise<void> {
  const timer = setTimeout(() => app.server.closeAllConnections(), graceMs);
  await app.close();
  clearTimeout(timer);
}
