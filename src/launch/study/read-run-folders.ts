import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { SggError } from "../../errors.ts";
import { at } from "../../plan/roles/context.ts";
import { stackPackages } from "../../plan/stack-call.ts";
import { type DataSource, dataSource } from "../../recipe/sources.ts";
import type { RunFolder, RunRows } from "../../report/study/run-folder.ts";
import { loadRecord } from "../load-record.ts";
import { observeRun } from "../runs.ts";

const Plan = z.looseObject({
  id: z.string(),
  recipeHash: z.string(),
  stage: z.string(),
  inputs: z.record(z.string(), z.looseObject({ kind: z.string() })),
  arithmetic: z.looseObject({ steps: z.number().nullable() }),
});
const source = z
  .looseObject({
    id: z.string().optional(),
    revision: z.string().optional(),
    path: z.string().optional(),
    synth: z.looseObject({ count: z.number(), seed: z.number() }).optional(),
    tiny: z.looseObject({}).optional(),
  })
  .optional();
const Recipe = z.looseObject({
  name: z.string(),
  seed: z.number(),
  model: z.looseObject({ ...source.unwrap().shape, checkpoint: z.number().optional() }).optional(),
  data: z.looseObject({ eval: source, train: source, classes: z.string().optional() }).optional(),
  rewards: z.looseObject({ profile: z.string().optional() }).optional(),
});
/** What a run notes of where it ran. */
const Facts = z.looseObject({
  stack: z.record(z.string(), z.string()).optional(),
  hardware: z.string().optional(),
  code: z.string().optional(),
});

/** What a trainer notes of its libraries, null for those that it has not. */
const Effective = z.looseObject({ versions: z.record(z.string(), z.string().nullable()) });

/**
 * Every run below a folder that was planned from a recipe, oldest first; other folders are passed over.
 *
 * Errors: SggError USAGE when the folder cannot be listed, or a file of a run is not what it should be
 */
export async function readRunFolders(runsDir: string): Promise<readonly RunFolder[]> {
  const names = await readdir(runsDir).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") return [];
    throw new SggError("USAGE", `Cannot list "${runsDir}": ${cause.message}, expected a folder`);
  });
  const found = await Promise.all(names.map((name) => readRun(join(runsDir, name))));
  return found
    .filter((run) => run !== undefined)
    .toSorted((a, b) => a.startedAt.localeCompare(b.startedAt));
}

async function readRun(dir: string): Promise<(RunFolder & { startedAt: string }) | undefined> {
  const plan = await read(join(dir, "plan.json"), JSON.parse, Plan);
  const recipe = await read(join(dir, "recipe.yaml"), parse, Recipe);
  if (plan === undefined || recipe === undefined) return undefined;
  const record = await loadRecord(dir);
  const facts = (await read(join(dir, "facts.json"), JSON.parse, Facts)) ?? {};
  const from = Object.values(plan.inputs).find(({ kind }) => kind === "run");
  return {
    id: plan.id,
    folder: dir,
    name: recipe.name,
    stage: plan.stage,
    rows: rowsOf(plan, recipe.data?.classes ?? null),
    seed: recipe.seed,
    recipeHash: plan.recipeHash,
    upstreamHash: typeof from?.recipeHash === "string" ? from.recipeHash : null,
    checkpoint: recipe.model?.checkpoint ?? null,
    steps: plan.arithmetic.steps,
    state: record === undefined ? "queued" : stateOf(observeRun({ runDir: dir, record }).state),
    model: named(recipe.model),
    data: named(recipe.data?.eval ?? recipe.data?.train),
    profile: recipe.rewards?.profile ?? null,
    stack: stackText(await stackOf(dir, facts.stack ?? {})),
    hardware: facts.hardware ?? null,
    code: facts.code ?? null,
    metrics: await readMetrics(dir),
    startedAt: record?.startedAt ?? "",
  };
}

/** Versions by package: of a run in containers those that its trainer noted, else its images. */
async function stackOf(dir: string, noted: Stack): Promise<Stack> {
  if (noted.torch !== undefined) return noted;
  const effective = await read(join(dir, "train", "effective-config.json"), JSON.parse, Effective);
  if (effective === undefined) return noted;
  const { versions } = effective;
  return Object.fromEntries(
    ["python", ...stackPackages].flatMap((name) =>
      versions[name] ? [[name, versions[name]]] : [],
    ),
  );
}

type Stack = Readonly<Record<string, string>>;

/** The figures of a run, by compat mode where an evaluation judged in several. */
async function readMetrics(dir: string): Promise<unknown> {
  const of = (file: string) => read(join(dir, file), JSON.parse, z.unknown());
  const first = (await of("metrics.json")) ?? null;
  const others = await Promise.all(
    ["release", "strict"].map(async (compat) => [compat, await of(`metrics-${compat}.json`)]),
  );
  const found = others.filter(([, metrics]) => metrics !== undefined);
  const compat = (first as { compat?: unknown } | null)?.compat;
  if (found.length === 0 || typeof compat !== "string") return first;
  return { ...Object.fromEntries(found), [compat]: first };
}

/** The rows that a run brought: to train on, or to be asked about. */
function rowsOf({ stage, inputs }: z.infer<typeof Plan>, classes: string | null): RunRows | null {
  const isTraining = stage === "sft" || stage === "grpo";
  const from = dataSource.safeParse(inputs[isTraining ? at.train : at.rows]?.from);
  return from.success
    ? { source: JSON.stringify(from.data), name: rowsName(from.data), classes }
    : null;
}

function rowsName(from: DataSource): string {
  if ("synth" in from) return `${from.synth.count} drawn scenes, seed ${from.synth.seed}`;
  const name = "id" in from ? from.id : basename(from.path);
  const { skip = 0, first } = from;
  if (first !== undefined) return `${name}, rows ${skip + 1} to ${skip + first}`;
  return skip === 0 ? name : `${name}, from row ${skip + 1} on`;
}

const stateOf = (state: string): RunFolder["state"] =>
  state === "running" || state === "done" ? state : "failed";

const stackText = (stack: Stack): string | null =>
  Object.entries(stack)
    .map((pair) => pair.join(" "))
    .join(", ") || null;

/** A model or rows in words; null for what another run makes. */
function named(one: z.infer<typeof source>): string | null {
  if (one?.id !== undefined) return `${one.id}@${one.revision?.slice(0, 8) ?? "not pinned"}`;
  if (one?.synth !== undefined)
    return `${one.synth.count} scenes drawn with seed ${one.synth.seed}`;
  if (one?.tiny !== undefined) return "tiny, random weights";
  return one?.path ?? null;
}

/** A file of a run, checked; undefined when it is not there. */
async function read<T>(
  path: string,
  toValue: (text: string) => unknown,
  schema: z.ZodType<T>,
): Promise<T | undefined> {
  const text = await readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT" || cause.code === "ENOTDIR") return undefined;
    throw unreadable(path, cause.message);
  });
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = toValue(text);
  } catch (cause) {
    throw unreadable(path, (cause as Error).message.split("\n")[0] ?? "");
  }
  const checked = schema.safeParse(value);
  if (checked.success) return checked.data;
  const issue = checked.error.issues[0];
  throw unreadable(path, `${issue?.path.join(".") || "the whole"}: ${issue?.message}`);
}

const unreadable = (path: string, why: string): SggError =>
  new SggError("USAGE", `Cannot read "${path}": ${why}, expected a file of a run`);
