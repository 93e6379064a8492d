import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import type { FastifyInstance } from "fastify";
import { type ProfileName, profiles } from "../core/rewards/profiles.ts";
import { SggError } from "../errors.ts";
import { openRequestLog } from "./request-log.ts";
import { rewardServer } from "./server.ts";
import { isLoopback } from "./token.ts";

/** What `r1sgg reward serve` takes. */
export interface ServeOptions {
  readonly host: string;
  readonly port: number;
  readonly profile: ProfileName;
  readonly tokenFile?: string;
  readonly log?: string;
  readonly readyFile?: string;
  readonly io: {
    readonly print: (text: string) => void;
    readonly warn: (text: string) => void;
  };
}

/**
 * Serves rewards until SIGTERM or SIGINT, then answers what has come in and returns.
 *
 * A ready file left from before is removed first, so that it never speaks of another server.
 *
 * Errors: SggError USAGE for an address that others reach without a token, or an unreadable token
 *   file; LAUNCH when the log, the ready file or the port cannot be had
 */
export async function serveRewards(options: ServeOptions): Promise<void> {
  const { host, port, io, readyFile } = options;
  const stopped = stopSignal();
  const profile = profiles[options.profile];
  const token = await readToken(options);
  if (readyFile !== undefined) await rm(readyFile, { force: true });
  const log = options.log === undefined ? undefined : await openLog(options.log);
  const app = rewardServer({
    profile,
    warn: io.warn,
    ...(token !== undefined && { token }),
    ...(log && { log }),
  });
  try {
    const url = await listen(app, host, port);
    if (readyFile !== undefined) await writeReady(readyFile, url);
    io.warn(`Serving rewards of profile ${profile.name}: ${profile.sources}\n`);
    io.print(`${url}\n`);
    await stopped;
  } finally {
    await app.close();
    await log?.close();
  }
}

/** Resolves at the first SIGTERM or SIGINT; a second one ends the process as usual. */
const stopSignal = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"]) process.once(signal, () => resolve());
  });

async function readToken({ host, tokenFile }: ServeOptions): Promise<string | undefined> {
  if (tokenFile === undefined) {
    if (isLoopback(host)) return undefined;
    throw new SggError(
      "USAGE",
      `Cannot serve rewards on "${host}": no --token-file, expected one for an address that others reach`,
    );
  }
  const token = (
    await readFile(tokenFile, "utf8").catch((cause: Error) => {
      throw new SggError("USAGE", `Cannot read the token file "${tokenFile}": ${cause.message}`, {
        cause,
      });
    })
  ).trim();
  if (/^\S+$/.test(token)) return token;
  const found = token === "" ? "it is empty" : "it has white space inside";
  throw new SggError(
    "USAGE",
    `Cannot use the token file "${tokenFile}": ${found}, expected one token`,
  );
}

const openLog = (path: string) =>
  openRequestLog(path).catch((cause: Error) => {
    throw new SggError("LAUNCH", `Cannot write the log "${path}": ${cause.message}`, { cause });
  });

async function listen(app: FastifyInstance, host: string, port: number): Promise<string> {
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

/** Written beside it first and renamed: whoever sees the file sees all of it. */
async function writeReady(path: string, url: string): Promise<void> {
  const draft = `${path}.${process.pid}.tmp`;
  try {
    await writeFile(draft, `${JSON.stringify({ url })}\n`);
    await rename(draft, path);
  } catch (cause) {
    if (!(cause instanceof Error && "code" in cause)) throw cause;
    await rm(draft, { force: true });
    throw new SggError("LAUNCH", `Cannot write the ready file "${path}": ${cause.message}`, {
      cause,
    });
  }
}
