import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { createServer } from "node:net";
import { SggError } from "../errors.ts";

const loopback = "127.0.0.1";

/** A TCP port that nobody listens on now, on loopback. Another may take it first: start in a loop. */
export const freePort = (): Promise<number> => listenOnce(0);

/** Whether somebody listens on a loopback port. */
export const isTaken = (port: number): Promise<boolean> =>
  listenOnce(port).then(
    () => false,
    (cause: NodeJS.ErrnoException) => {
      if (cause.code === "EADDRINUSE") return true;
      throw cause;
    },
  );

function listenOnce(port: number): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const server = createServer();
  server.once("error", reject);
  server.listen({ port, host: loopback }, () => {
    const address = server.address();
    const taken = typeof address === "object" && address !== null ? address.port : port;
    server.close(() => resolve(taken));
  });
  return promise;
}

/**
 * Starts a service on a port chosen free, and again on another when somebody else took that one.
 *
 * @param start fails when the service does not become ready, as `run.start` with `untilReady` does
 * @throws what `start` threw, when it was no clash or the tries are used up
 */
export async function startOnFreePort<T>(
  start: (port: number) => Promise<T>,
  { tries = 3, pick = freePort, isClash = isPortClash } = {},
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const port = await pick();
    try {
      return await start(port);
    } catch (error) {
      if (attempt >= tries || !(await isClash(error, port))) throw error;
    }
  }
}

/** A failed start was a clash when it says so, or when somebody now listens where it should have. */
export const isPortClash = async (error: unknown, port: number): Promise<boolean> =>
  error instanceof SggError &&
  error.code === "LAUNCH" &&
  (/EADDRINUSE|address already in use/i.test(error.message) || (await isTaken(port)));

/**
 * Whether one of these processes listens on the port, so that no stranger answers in its place.
 *
 * Asked of /proc/net/tcp (proc(5)); where that is missing the answer is yes.
 */
export function isServedBy(port: number, pids: readonly number[]): boolean {
  const tables = ["/proc/net/tcp", "/proc/net/tcp6"].map(readLines);
  if (tables.every((lines) => lines.length === 0)) return true;
  const sockets = tables.flat().flatMap((line) => {
    const fields = line.trim().split(/\s+/);
    const listens = fields[3] === "0A" && parseInt(fields[1]?.split(":")[1] ?? "", 16) === port;
    return listens ? [`socket:[${fields[9]}]`] : [];
  });
  return pids.some((pid) => openFiles(pid).some((file) => sockets.includes(file)));
}

const readLines = (path: string): string[] =>
  orNone(() => readFileSync(path, "latin1").split("\n").slice(1));

const openFiles = (pid: number): string[] =>
  orNone(() => readdirSync(`/proc/${pid}/fd`)).flatMap((fd) =>
    orNone(() => [readlinkSync(`/proc/${pid}/fd/${fd}`)]),
  );

/** A process or a file of it may end between being listed and being read. */
const orNone = (read: () => string[]): string[] => {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof Error && "code" in cause) return [];
    throw cause;
  }
};
