import { closeSync, fstatSync, mkdirSync, openSync, realpathSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { execa } from "execa";
import { SggError } from "../errors.ts";
import { failureLines } from "./log-tail.ts";
import { type ProcessId, processId, roleVariable, tokenVariable } from "./processes.ts";

/** What to start: a service serves until it is stopped, a task ends by itself with exit code 0. */
export interface RoleSpec {
  readonly name: string;
  readonly kind: "service" | "task";
  readonly command: string;
  readonly args: readonly string[];
  /** Added to our own environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Exit code that means that the role could not be run at all, rather than that it gave up. */
  readonly couldNotRun?: number;
  /** Gets stdout and stderr, after what earlier starts left there. */
  readonly logPath: string;
}

/** How a role ended: by its own code, or by a signal. */
export interface RoleExit {
  readonly code: number | undefined;
  readonly signal: NodeJS.Signals | undefined;
}

/** A started process and the part of its log that it wrote itself. */
export interface Started extends ProcessId {
  readonly spec: RoleSpec;
  /** The log's real path, as the system shows it of an open file. */
  readonly log: string;
  readonly exited: Promise<RoleExit>;
  readonly lastLines: () => readonly string[];
}

/**
 * Starts a role in a session of its own, so that a Ctrl-C meant for us does not reach it.
 *
 * Its output goes straight to the log file, not through us: the log stays whole when we are killed.
 *
 * @throws {SggError} LAUNCH when the command or the log file cannot be opened
 */
export async function startRole(spec: RoleSpec, token: string): Promise<Started> {
  const { name, command, args, logPath } = spec;
  const log = openLog(spec);
  try {
    const child = execa(command, args, {
      ...(spec.cwd !== undefined && { cwd: spec.cwd }),
      env: { ...spec.env, [tokenVariable]: token, [roleVariable]: name },
      stdio: ["ignore", toFile(log.fd), toFile(log.fd)],
      detached: true,
      cleanup: false,
      reject: false,
      buffer: false,
    });
    const exited = exitOf(child.nodeChildProcess);
    if (child.pid === undefined)
      throw cannotStart(name, (await child).shortMessage ?? "no process");
    const id = processId(child.pid) ?? { pid: child.pid, start: "" };
    return {
      ...id,
      spec,
      log: realpathSync(logPath),
      exited,
      lastLines: () => failureLines(logPath, 20, log.from),
    };
  } finally {
    closeSync(log.fd);
  }
}

/** execa hands on any open file; its types list the standard ones only. */
export const toFile = (fd: number): 1 => fd as 1;

/** How a child process ends, told as soon as the system reports it. */
export const exitOf = (child: NodeJS.EventEmitter): Promise<RoleExit> =>
  new Promise((resolve) => {
    child.once("exit", (code: number | null, signal: NodeJS.Signals | null) =>
      resolve({ code: code ?? undefined, signal: signal ?? undefined }),
    );
  });

/** Opens a log and notes the start in it; `from` is where the role's own words begin. */
export function openLog(spec: Pick<RoleSpec, "name" | "command" | "args" | "logPath">): {
  readonly fd: number;
  readonly from: number;
} {
  let fd: number | undefined;
  try {
    mkdirSync(dirname(spec.logPath), { recursive: true });
    fd = openSync(spec.logPath, "a");
    const call = [spec.command, ...spec.args].join(" ");
    writeSync(fd, `--- ${new Date().toISOString()} r1sgg starts ${spec.name}: ${call}\n`);
    return { fd, from: fstatSync(fd).size };
  } catch (cause) {
    if (fd !== undefined) closeSync(fd);
    throw cannotStart(spec.name, (cause as Error).message, cause);
  }
}

/** A role that could not even be started. */
export const cannotStart = (name: string, why: string, cause?: unknown): SggError =>
  new SggError(
    "LAUNCH",
    `Cannot start role "${name}": ${why}, expected a command that can run and a log file that we may write`,
    { cause },
  );

/** How it ended, in words. */
export function describeExit({ code, signal }: RoleExit): string {
  if (signal === undefined) return `ended with exit code ${code}`;
  const why = signal === "SIGKILL" ? " (by somebody, or by the kernel when memory ran out)" : "";
  return `was killed by ${signal}${why}`;
}

/**
 * The error of a role that ended against expectation.
 *
 * LAUNCH for a signal, and for a service in any case; ROLE for a task that gave up by itself.
 */
export function roleError(started: Started, exit: RoleExit, expected: string): SggError {
  const { name, kind, couldNotRun } = started.spec;
  const gaveUp = kind === "task" && exit.signal === undefined && exit.code !== couldNotRun;
  const code = gaveUp ? "ROLE" : "LAUNCH";
  const what = `Cannot go on without role "${name}": it ${describeExit(exit)}, expected ${expected}`;
  return new SggError(code, `${what}${quoteLog(started)}`);
}

/** The last lines of a role's log, to follow an error. */
export function quoteLog({ spec, lastLines }: Started): string {
  const lines = lastLines();
  if (lines.length === 0) return `\n(nothing in ${spec.logPath})`;
  return `\nlast lines of ${spec.logPath}:\n${lines.map((line) => `  ${line}`).join("\n")}`;
}
