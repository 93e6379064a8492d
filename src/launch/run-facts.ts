import { existsSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import type { RunPlan } from "../plan/run-plan.ts";
import { shipped } from "../root.ts";
import { version } from "../version.ts";
import { writeAtomic } from "../write-atomic.ts";
import { listGpus } from "./device.ts";
import type { PythonEnv } from "./python-env.ts";
import { pythonStack } from "./python-stack.ts";

/** Where a run ran and with what, as `facts.json` of its folder keeps it. */
export interface RunFacts {
  /** Versions by package; empty where no Python ran. */
  readonly stack: Readonly<Record<string, string>>;
  readonly hardware: string;
  readonly code: string;
}

/**
 * Notes what the numbers of a run hang on beside its recipe: `r1sgg report` keeps numbers of different
 * stacks apart by it.
 */
export async function writeFacts(
  { device }: Pick<RunPlan, "device">,
  runDir: string,
  python: PythonEnv | undefined,
): Promise<void> {
  const facts: RunFacts = {
    stack: python === undefined ? {} : await pythonStack(python),
    hardware: device === "cuda" ? gpuText(await listGpus()) : cpuText(),
    code: `r1sgg ${[version, ...(await revision())].join(" ")}, node ${process.versions.node}`,
  };
  await writeAtomic(join(runDir, "facts.json"), `${JSON.stringify(facts, null, 2)}\n`);
}

/** The commit of a clone, `-dirty` where it was changed; none of a package that was installed. */
async function revision(): Promise<readonly string[]> {
  const cwd = shipped(".");
  const git = async (...args: readonly string[]) =>
    (await execa("git", args, { cwd, reject: false, stdin: "ignore" })).stdout ?? "";
  if (!existsSync(join(cwd, ".git"))) return [];
  const found = await git("describe", "--always", "--dirty", "--abbrev=8", "--exclude=*");
  return found === "" ? [] : [found];
}

/** `GPU 0: NVIDIA A100-SXM4-80GB (UUID: …)` four times is `4 × NVIDIA A100-SXM4-80GB`. */
export function gpuText(lines: readonly string[]): string {
  const names = lines.map((line) => line.replace(/^GPU \d+: /, "").replace(/ \(UUID: .*$/, ""));
  const counts = Map.groupBy(names, (name) => name);
  return [...counts].map(([name, all]) => `${all.length} × ${name}`).join(", ");
}

function cpuText(): string {
  const all = cpus();
  return `${all.length} × ${all[0]?.model.trim() || process.arch}`;
}
