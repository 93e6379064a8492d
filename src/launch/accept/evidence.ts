import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { RunPlan } from "../../plan/run-plan.ts";
import type {
  CheckpointEvidence,
  IntegrityEvidence,
  ProgressLine,
  RunEvidence,
} from "../../report/acceptance/evidence.ts";
import { loadRecord } from "../load-record.ts";

/** What a run has left in its folder so far; nothing of one that was not begun. */
export async function readEvidence(plan: RunPlan, runDir: string): Promise<RunEvidence> {
  const record = await loadRecord(runDir);
  const config = JSON.parse(plan.files["artifacts/trainer.json"] ?? "{}") as { dtype?: string };
  return {
    id: plan.id,
    state: record?.state ?? "missing",
    reason: record?.reason ?? null,
    progress: await readLines(join(runDir, "progress", "trainer.jsonl")),
    integrity: await readJson<IntegrityEvidence>(join(runDir, "train", "integrity.json")),
    checkpoints: await checkpointsIn(join(runDir, "checkpoints")),
    servers: plan.endpoints?.samplers.length ?? 0,
    dtype: config.dtype ?? "unknown",
  };
}

/** Complete checkpoints, by step: a folder gets its name last. */
export async function checkpointsIn(folder: string): Promise<readonly CheckpointEvidence[]> {
  const names = await readdir(folder).catch(() => []);
  const found = names
    .flatMap((name) => /^checkpoint-(\d+)$/.exec(name)?.[1] ?? [])
    .map(Number)
    .toSorted((a, b) => a - b);
  return Promise.all(
    found.map(async (step) => {
      const path = join(folder, `checkpoint-${step}`, "manifest.json");
      const manifest = await readJson<{ files: Record<string, { bytes: number }> }>(path);
      const files = Object.values(manifest?.files ?? {});
      return { step, files: files.length, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0) };
    }),
  );
}

/** Whole lines only: the last one may be half written. */
async function readLines(path: string): Promise<readonly ProgressLine[]> {
  const text = await readFile(path, "utf8").catch(() => "");
  const whole = text.slice(0, text.lastIndexOf("\n") + 1);
  return whole
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as ProgressLine);
}

/** Null for a file that is not there. */
const readJson = async <T>(path: string): Promise<T | null> =>
  readFile(path, "utf8").then(
    (text) => JSON.parse(text) as T,
    () => null,
  );
