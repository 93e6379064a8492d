import type { StudyRun } from "./run.ts";
import type { RunFolder } from "./run-folder.ts";

/**
 * The runs that measure something, each with what its training and inference say of it.
 *
 * Shape:  folders of runs, the older first; those of the runs that one starts from are found by hash
 */
export function studyRunsOf(folders: readonly RunFolder[]): readonly Omit<StudyRun, "changed">[] {
  const byHash = new Map(folders.map((folder) => [folder.recipeHash, folder]));
  return folders.flatMap((folder) => {
    const { stage } = folder;
    if (stage !== "eval" && stage !== "vqa") return [];
    return { stage, ...toStudyRun(folder, chainOf(folder, byHash)) };
  });
}

/**
 * Runs under way from which an evaluation will start, each in the place of that evaluation: so its cells
 * say that something runs for them.
 *
 * Shape:  `names` of the recipes that the evaluation starts from
 */
export function underWay(
  folders: readonly RunFolder[],
  names: ReadonlySet<string>,
): readonly StudyRun[] {
  const going = folders.filter(
    ({ name, state }) => names.has(name) && (state === "running" || state === "queued"),
  );
  const nothing = {
    changed: false,
    stage: "eval",
    tested: null,
    trained: [],
    metrics: null,
  } as const;
  return going.map((folder) => ({ ...toStudyRun(folder, [folder]), ...nothing }));
}

/** A run and those it starts from, the nearest first. */
function chainOf(from: RunFolder, byHash: ReadonlyMap<string, RunFolder>): readonly RunFolder[] {
  const chain = [from];
  for (;;) {
    const next = byHash.get(chain.at(-1)!.upstreamHash ?? "");
    if (next === undefined || chain.includes(next)) return chain;
    chain.push(next);
  }
}

function toStudyRun(
  folder: RunFolder,
  chain: readonly RunFolder[],
): Omit<StudyRun, "changed" | "stage"> {
  const trainer = chain.find(({ stage }) => stage === "sft" || stage === "grpo");
  const asker = chain.find(({ stage }) => stage === "infer" || stage === "vqa");
  const all = (value: (one: RunFolder) => string | null): string =>
    [...new Set(chain.flatMap((one) => value(one) ?? []))].join(" + ") || "not recorded";
  return {
    id: folder.id,
    recipe: folder.name,
    recipeHash: folder.recipeHash,
    state: folder.state,
    seed: (trainer ?? folder).seed,
    checkpoint: asker?.checkpoint ?? null,
    steps: trainer?.steps ?? null,
    facts: {
      stack: all(({ stack }) => stack),
      hardware: all(({ hardware }) => hardware),
      code: all(({ code }) => code),
      model: chain.findLast(({ model }) => model !== null)?.model ?? "not recorded",
      data: all(({ data }) => data),
      profile: chain.find(({ profile }) => profile !== null)?.profile ?? null,
    },
    folder: folder.folder,
    tested: folder.rows,
    trained: chain.flatMap(({ stage, rows, folder: path }) =>
      (stage === "sft" || stage === "grpo") && rows !== null ? [{ folder: path, rows }] : [],
    ),
    metrics: folder.metrics,
  };
}
