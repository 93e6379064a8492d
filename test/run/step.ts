import { readFile } from "node:fs/promises";
import { execa } from "execa";
import type { Counts } from "./counts.ts";

/** One command of the checks. Without a report it counts as one check, by its exit code. */
export interface Step {
  readonly name: string;
  readonly argv: readonly [string, ...string[]];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly report?: { readonly path: string; readonly count: (text: string) => Counts };
}

/** How a step ended. */
export interface StepEnd extends Counts {
  readonly name: string;
  readonly seconds: number;
}

/** Runs a step in sight of the user and says how it ended, and after how long. */
export async function runStep(
  step: Step,
  say: (text: string) => void = console.log,
): Promise<StepEnd> {
  const [command, ...args] = step.argv;
  say(`\n── ${step.name}`);
  const started = performance.now();
  const { failed, exitCode, shortMessage } = await execa(command, args, {
    stdio: ["ignore", "inherit", "inherit"],
    reject: false,
    ...(step.cwd !== undefined && { cwd: step.cwd }),
    ...(step.env !== undefined && { env: step.env }),
  });
  const counts = await countsOf(step, failed);
  const seconds = (performance.now() - started) / 1000;
  const why = failed && exitCode === undefined ? ` (${shortMessage})` : "";
  const result = counts.failed === 0 ? "ok" : `FAILED${why}`;
  say(`── ${step.name}: ${result}, ${seconds.toFixed(1)} s`);
  return { name: step.name, seconds, ...counts };
}

/** A tool that fails without a failed test, or leaves no report, is itself the failure. */
async function countsOf({ report }: Step, failed: boolean): Promise<Counts> {
  const ownFailure = failed ? 1 : 0;
  if (!report) return { passed: 1 - ownFailure, failed: ownFailure, skipped: [] };
  const text = await readFile(report.path, "utf8").catch(() => undefined);
  if (text === undefined) return { passed: 0, failed: 1, skipped: [] };
  const counts = report.count(text);
  return { ...counts, failed: Math.max(counts.failed, ownFailure) };
}
