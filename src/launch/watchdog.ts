import { closeSync } from "node:fs";
import { extname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { atMost } from "./at-most.ts";
import { type ProcessId, processId, roleVariable, tokenVariable } from "./processes.ts";
import { cannotStart, exitOf, openLog, type RoleExit, toFile } from "./role.ts";

/** The process that outlives us when we are killed; see `reaper.ts`. */
export interface Watchdog {
  readonly id: ProcessId;
  readonly logPath: string;
  readonly exited: Promise<RoleExit>;
  /** Tells it that all is done, and waits until it is gone. */
  readonly close: () => Promise<void>;
}

/**
 * Starts the reaper of a run, before its first role, in a session of its own.
 *
 * It holds the reading end of a pipe from us; the system closes our end however we die. It does not
 * carry the marker of the run, being the one that uses it.
 */
export async function startWatchdog(
  runDir: string,
  token: string,
  graceMs: number,
): Promise<Watchdog> {
  const script = fileURLToPath(new URL(`./reaper${extname(import.meta.url)}`, import.meta.url));
  const logPath = join(runDir, "logs", "reaper.log");
  const args = ["--disable-warning=ExperimentalWarning", script];
  args.push(resolve(runDir), token, String(graceMs));
  const log = openLog({ name: "reaper", command: process.execPath, args, logPath });
  try {
    const child = execa(process.execPath, args, {
      env: { [tokenVariable]: undefined, [roleVariable]: undefined },
      stdio: ["pipe", toFile(log.fd), toFile(log.fd)],
      cwd: "/",
      detached: true,
      cleanup: false,
      reject: false,
      buffer: false,
    });
    child.stdin?.on("error", () => undefined); // it is gone: `exited` tells
    const exited = exitOf(child.nodeChildProcess);
    if (child.pid === undefined) throw cannotStart("reaper", (await child).shortMessage ?? "");
    const close = async (): Promise<void> => {
      child.stdin?.end("done\n");
      await atMost(2000, exited);
    };
    return { id: processId(child.pid) ?? { pid: child.pid, start: "" }, logPath, exited, close };
  } finally {
    closeSync(log.fd);
  }
}
