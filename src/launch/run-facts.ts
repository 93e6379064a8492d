import { cpus } from "node:os";
import { join } from "node:path";
import type { RunPlan } from "../plan/run-plan.ts";
import { writeAtomic } from "../write-atomic.ts";
import { codeText } from "./code-text.ts";
import { listGpus } from "./device.ts";

/** Where a run ran and with what, as `facts.json` of its folder keeps it. */
export interface RunFacts {
  /** Versions by package, or images by role; empty where no Python ran. */
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
  stack: RunFacts["stack"],
): Promise<void> {
  const facts: RunFacts = {
    stack,
    hardware: device === "cuda" ? gpuText(await listGpus()) : cpuText(),
    code: await codeText(),
  };
  await writeAtomic(join(runDir, "facts.json"), `${JSON.stringify(facts, null, 2)}\n`);
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
