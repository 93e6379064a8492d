import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { asyncBufferFromFile, parquetReadObjects } from "hyparquet";
import { SggError } from "../errors.ts";

/** What the comparison of the trainer's rewards with the endpoint's answers found. */
export interface RewardCheck {
  /** Completions compared; each one's rewards are equal on both sides. */
  readonly completions: number;
  /** Further completions, which the worker could get no rewards for; TRL has none for them either. */
  readonly unscored: number;
  readonly requests: number;
  /** Steps in which at least two completions have different total rewards. */
  readonly steps_with_variance: number;
  readonly steps: number;
}

interface Answer {
  readonly request_id: string;
  readonly rewards: Readonly<Record<string, readonly number[]>>;
}

/**
 * Proves that every reward in TRL's own log is the one that the endpoint answered.
 *
 * TRL's completions files carry the request id and the place in the request of each row. TRL keeps
 * rewards as float32, so that the answer is rounded to float32 before the comparison, which is exact.
 * Completions of a request that the worker gave up must have no reward at all, whatever the endpoint
 * answered to one who no longer listened.
 *
 * Errors: SggError ROLE at the first difference, or when nothing was logged.
 */
export async function checkRewards(folder: string, names: readonly string[]): Promise<RewardCheck> {
  const answers = await readAnswers(join(folder, "rewards.jsonl"));
  const rows = await readCompletions(join(folder, "completions"), names);
  const givenUp = await readGivenUp(folder);
  const totals = new Map<number, Set<number>>();
  let unscored = 0;
  for (const row of rows) {
    const [id, index] = [String(row.request_id), Number(row.request_index)];
    if (givenUp.has(id) && names.every((name) => isMissing(row[name]))) {
      unscored += 1;
      continue;
    }
    const answer = answers.get(id);
    for (const name of names) {
      const logged = row[name];
      const answered = answer?.rewards[name]?.[index];
      if (answered === undefined || logged !== Math.fround(answered))
        throw new SggError(
          "ROLE",
          `Cannot trust the rewards of request "${id}" completion ${index}: TRL logged ${name} ${String(logged)}, expected the endpoint's answer ${answered}`,
        );
    }
    const step = Number(row.step);
    const total = names.reduce((sum, name) => sum + Number(row[name]), 0);
    totals.set(step, (totals.get(step) ?? new Set()).add(total));
  }
  if (rows.length === 0)
    throw new SggError(
      "ROLE",
      `Cannot check the rewards of "${folder}": TRL logged no completion, expected one or more`,
    );
  return {
    completions: rows.length - unscored,
    unscored,
    requests: new Set(rows.map((row) => row.request_id)).size,
    steps: new Set(rows.map((row) => row.step)).size,
    steps_with_variance: [...totals.values()].filter((values) => values.size > 1).length,
  };
}

/** How TRL's log has a reward of None: as NaN, which its files hold as null. */
const isMissing = (value: unknown): boolean => value == null || Number.isNaN(value);

/** Ids of the requests that failed in every try; each process of the worker has its file. */
async function readGivenUp(folder: string): Promise<ReadonlySet<string>> {
  const names = (await readdir(folder)).filter((name) => /^unscored-\d+\.json$/.test(name));
  const records = names.map(async (name) => {
    const text = await readFile(join(folder, name), "utf8");
    return JSON.parse(text) as { readonly failures: readonly { readonly request_id: string }[] };
  });
  const failures = (await Promise.all(records)).flatMap((record) => record.failures);
  return new Set(failures.map((failure) => failure.request_id));
}

async function readAnswers(path: string): Promise<ReadonlyMap<string, Answer>> {
  const lines = (await readFile(path, "utf8")).split("\n").filter(Boolean);
  const answers = lines.map((line) => JSON.parse(line) as Answer);
  return new Map(answers.map((answer) => [answer.request_id, answer]));
}

async function readCompletions(folder: string, names: readonly string[]) {
  const files = (await readdir(folder)).filter((name) => name.endsWith(".parquet")).sort();
  const columns = ["step", "request_id", "request_index", ...names];
  const tables = files.map(async (name) => {
    const file = await asyncBufferFromFile(join(folder, name));
    return (await parquetReadObjects({ file, columns })) as Record<string, unknown>[];
  });
  return (await Promise.all(tables)).flat();
}
