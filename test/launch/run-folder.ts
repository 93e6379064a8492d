import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { loadRecord } from "../../src/launch/load-record.ts";
import { isAlive } from "../../src/launch/processes.ts";
import type { RoleSpec } from "../../src/launch/role.ts";

/** A run folder of one test, and the processes that its fixture programs noted in it. */
export interface RunFolder {
  readonly dir: string;
  readonly spec: (
    name: string,
    kind: RoleSpec["kind"],
    program: string,
    ...args: readonly string[]
  ) => RoleSpec;
  /** Pids that the fixture programs noted, alive or not. */
  readonly noted: () => number[];
  /** Those that are still there, as the system says, not as our own code does. */
  readonly alive: () => number[];
}

/** Makes a run folder; at the end of the test whatever is left of it is killed. */
export function runFolder(): RunFolder {
  const root = mkdtempSync(join(tmpdir(), "r1sgg run-"));
  mkdirSync(join(root, "real"));
  symlinkSync("real", join(root, "link")); // as a folder of runs on a big disk often is
  const dir = join(root, "link", "run");
  const pids = join(root, "pids");
  const noted = () =>
    existsSync(pids) ? readFileSync(pids, "utf8").split("\n").filter(Boolean).map(Number) : [];
  const alive = () => noted().filter(isRunning);
  onTestFinished(async () => {
    for (const pid of alive()) process.kill(pid, "SIGKILL");
    const reaper = (await loadRecord(dir).catch(() => undefined))?.reaper;
    if (reaper && isAlive(reaper)) process.kill(reaper.pid, "SIGKILL");
    rmSync(root, { recursive: true, force: true });
  });
  const spec: RunFolder["spec"] = (name, kind, program, ...args) => ({
    ...{ name, kind, command: fixture(program), args, env: { PIDS: pids } },
    logPath: join(dir, "logs", `${name}.log`),
  });
  return { dir, spec, noted, alive };
}

export const fixture = (program: string): string =>
  fileURLToPath(new URL(`../fixtures/bin/${program}`, import.meta.url));

/** Whether a process is there and no zombie. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return !/\) [ZX] /.test(stat);
  } catch {
    return false;
  }
}

/** Asks again and again until it is so. */
export async function eventually(
  what: string,
  isSo: () => boolean | Promise<boolean>,
  withinMs = 120_000,
): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`not within ${withinMs} ms: ${what}`);
    await delay(25);
  }
}

/** What a promise was rejected with. */
export const errorOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    (value) => {
      throw new Error(`expected a failure, got ${String(value)}`);
    },
    (error: unknown) => error,
  );

/** A process that has ended but is not reported, as nobody waits for it. */
export async function zombie(): Promise<number> {
  const parent = spawn("sh", ["-c", "sleep 600 & echo $!; exec sleep 600"]);
  onTestFinished(() => void parent.kill("SIGKILL"));
  let text = "";
  parent.stdout.on("data", (chunk) => {
    text += chunk;
  });
  await eventually("the shell, which would wait for it, is no more", () =>
    readFileSync(`/proc/${parent.pid}/stat`, "utf8").includes("(sleep)"),
  );
  await eventually("its number is known", () => text.endsWith("\n"));
  process.kill(Number(text), "SIGKILL");
  await eventually("it is one", () =>
    readFileSync(`/proc/${text.trim()}/stat`, "utf8").includes(") Z "),
  );
  return Number(text);
}
