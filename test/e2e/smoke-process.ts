import { existsSync, readdirSync, readFileSync } from "node:fs";
import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { execa } from "execa";
import { shipped } from "../../src/root.ts";

/** The command line as a process of its own, in a session of its own, as a terminal would have it. */
export const r1sgg = (...args: readonly string[]) => r1sggIn(process.cwd(), ...args);

/** The same, called in a folder. */
export const r1sggIn = (cwd: string, ...args: readonly string[]) =>
  execa(process.execPath, [...quiet, shipped("src/cli/main.ts"), ...args], {
    cwd,
    reject: false,
    all: true,
    detached: true,
    cleanup: true,
  });

const quiet = ["--disable-warning=ExperimentalWarning"];

/** A file of a run as JSON. */
export const readJson = <T>(...path: readonly string[]): T =>
  JSON.parse(readFileSync(join(...path), "utf8")) as T;

/** The lines of a JSONL file; none when it is not there yet. A torn last line is left out. */
export function readLines<T>(...path: readonly string[]): T[] {
  const file = join(...path);
  if (!existsSync(file)) return [];
  return readFileSync(file, "utf8")
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as T);
}

/** What this test needs of record.json. */
export interface Recorded {
  readonly token: string;
  readonly state: string;
  readonly cli: { readonly pid: number };
  readonly roles: readonly {
    readonly name: string;
    readonly pid: number;
    readonly endedAt?: string;
  }[];
}

/** Waits until something is so. */
export async function until(what: string, isSo: () => boolean, timeoutMs: number): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!isSo()) {
    if (performance.now() > deadline) throw new Error(`${what}: not so after ${timeoutMs} ms`);
    await delay(100);
  }
}

/** Processes that carry a run's token, read from /proc by this test itself; zombies are none. */
export function survivors(token: string): readonly string[] {
  return readdirSync("/proc").filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      return readFileSync(`/proc/${pid}/environ`, "utf8").includes(token);
    } catch {
      return false; // gone between the listing and the look
    }
  });
}

/** A copy of a finished run from which GRPO and what follows it are taken away. */
export async function rewindToGrpo(finished: string, copy: string): Promise<string> {
  await cp(finished, copy, { recursive: true });
  const later = ["grpo", "infer-sft+rl", "evaluate", "report"].map((name) => `stages/${name}.json`);
  const made = ["grpo", "report", "metrics.json", "predictions/sft+rl.jsonl", "checkpoints/grpo"];
  for (const path of [...later, ...made, "record.json", "progress/grpo.jsonl"])
    await rm(join(copy, path), { recursive: true, force: true });
  return copy;
}

/** True when GRPO has made a step and goes on. */
export const isInGrpo = (run: string): boolean =>
  readLines<{ step?: number }>(run, "progress", "grpo.jsonl").some((line) => line.step === 1);
