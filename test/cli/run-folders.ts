import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** What a run's folder is made of; its hash is its name, unless one is given. */
export interface RunFiles {
  readonly name: string;
  readonly stage: string;
  /** The recipe that it starts from. */
  readonly from?: string;
  readonly recipe?: object;
  readonly state?: string;
  /** Where it was started, by a process that is gone. */
  readonly machine?: string;
  readonly metrics?: object;
  readonly facts?: object;
  readonly steps?: number;
  readonly hash?: string;
  /** Further inputs of its plan. */
  readonly inputs?: object;
  /** Files by their path, objects as JSON, lists as JSON lines. */
  readonly files?: Readonly<Record<string, object | string>>;
}

/** Writes a run folder as launches leave it, and gives its path. */
export async function writeRun(runsDir: string, run: RunFiles): Promise<string> {
  const { name, stage, from, recipe, state, metrics, facts, hash = name, steps } = run;
  const id = `${name}-${run.hash?.slice(0, 8) ?? "00000000"}`;
  const dir = join(runsDir, id);
  await mkdir(dir, { recursive: true });
  const put = async (file: string, value: object | string) => {
    await mkdir(join(dir, file, ".."), { recursive: true });
    const text = Array.isArray(value)
      ? value.map((line) => `${JSON.stringify(line)}\n`).join("")
      : typeof value === "string"
        ? value
        : JSON.stringify(value);
    await writeFile(join(dir, file), text);
  };
  const model = from && { model: { kind: "run", name: from, recipeHash: from, file: "x" } };
  const plan = { id, recipeHash: hash, stage, inputs: { ...model, ...run.inputs } };
  await put("plan.json", { ...plan, arithmetic: { steps: steps ?? null } });
  await put("recipe.yaml", { name, seed: 42, ...recipe }); // JSON is YAML
  await put("record.json", {
    ...{ runId: name, token: "00000000-0000-4000-8000-000000000000", machine: run.machine ?? "m" },
    ...{
      cli: { pid: 4_194_305, start: "1" },
      graceMs: 1,
      state: state ?? "done",
      startedAt: "2026-01-01",
    },
    roles: [],
  });
  if (metrics) await put("metrics.json", metrics);
  if (facts) await put("facts.json", facts);
  for (const [file, value] of Object.entries(run.files ?? {})) await put(file, value);
  return dir;
}
