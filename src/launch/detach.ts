import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { SggError } from "../errors.ts";
import { cliFile } from "../root.ts";
import { loadRecord } from "./load-record.ts";
import { lastLines } from "./log-tail.ts";

/**
 * Starts this command line again, apart from the terminal, and waits until its run has a role.
 *
 * It is the run's supervisor, as it would be in the foreground: `status`, `logs` and `cancel` find
 * it, and nothing else is left. Its words go to `logs/launch.log` of the run.
 *
 * @throws {SggError} LAUNCH when it ends before that, with its last words
 */
export async function startDetached(
  args: readonly string[],
  { runDir, runId }: { readonly runDir: string; readonly runId: string },
): Promise<number> {
  const logPath = join(runDir, "logs", "launch.log");
  mkdirSync(join(runDir, "logs"), { recursive: true });
  const log = openSync(logPath, "a");
  const options = { detached: true, stdio: ["ignore", log, log] as ["ignore", number, number] };
  const child = spawn(process.execPath, [...process.execArgv, cliFile, ...args], options);
  closeSync(log);
  try {
    await untilRunning(child, runDir);
  } catch (cause) {
    const said = lastLines(logPath, 10).map((line) => `\n  ${line}`);
    throw new SggError(
      "LAUNCH",
      `Cannot start run "${runId}" in the background: ${(cause as Error).message}${said.join("")}`,
      { cause },
    );
  }
  child.unref();
  return child.pid ?? 0;
}

async function untilRunning(child: ChildProcess, runDir: string): Promise<void> {
  let over: string | undefined;
  child.once("error", (cause) => {
    over = cause.message;
  });
  child.once("exit", (code, signal) => {
    over =
      code === 0
        ? ""
        : `it ended with ${signal ?? `exit code ${code}`}, expected it to start its roles; last lines of its log:`;
  });
  while (over === undefined) {
    const record = await loadRecord(runDir).catch(() => undefined);
    if (record?.cli.pid === child.pid && record?.roles.some(({ endedAt }) => endedAt === undefined))
      return;
    await delay(100);
  }
  if (over !== "") throw new Error(over);
}
