import { makeProfile } from "../core/rewards/profiles.ts";
import { loadDataset } from "../data/load.ts";
import { SggError } from "../errors.ts";
import { setColumns } from "../report/columns.ts";
import { scoreFile } from "../reward/score-file.ts";
import { defaultScoring } from "../reward/settings.ts";
import type { Tally } from "../reward/tally.ts";
import { interruptible } from "./interruptible.ts";
import type { Io } from "./io.ts";
import { showProgress } from "./progress.ts";
import { scoringOf } from "./reward-options.ts";
import type { ScoreFlags } from "./reward-score.ts";

/** Scores a file into another: progress and a table to stderr, the output's path to stdout. */
export async function runScore(
  input: string,
  output: string,
  flags: ScoreFlags,
  io: Io,
): Promise<void> {
  const scoring = scoringOf(flags);
  const profile = makeProfile(scoring.profile, scoring.parameters);
  const rewards = flags.rewards ?? profile.defaults;
  refuseUnknown(rewards, Object.keys(profile.rewards), profile.name);
  const { isTTY, columns } = process.stderr;
  const progress = showProgress({ isTTY, columns, write: io.warn });
  const score = async (signal: AbortSignal): Promise<void> => {
    const targets = flags.dataset === undefined ? undefined : await loadTargets(flags.dataset);
    const start = performance.now();
    const rate = (count: number) => Math.round((1000 * count) / (performance.now() - start));
    const tally = await scoreFile({
      ...{ input, output, threads: flags.workers, signal },
      ...(targets && { targets }),
      settings: {
        scoring: { ...defaultScoring, ...scoring, completionMs: flags.completionMs },
        ...{ rewards, task: flags.task, boxScale: flags.boxScale },
      },
      onProgress: ({ completions, share }) =>
        progress.update(
          "score",
          `${Math.floor(100 * share)} %, ${completions} completions, ${rate(completions)} a second`,
        ),
    });
    progress.stop();
    io.warn(tallyText(tally, rate(tally.completions)));
    io.print(`${output}\n`);
  };
  try {
    await interruptible(
      (signal) => `Scoring "${input}" was interrupted by ${signal}: nothing written`,
      score,
      () => {}, // it ends at once at the first
    );
  } finally {
    progress.stop();
  }
}

function refuseUnknown(names: readonly string[], known: readonly string[], profile: string): void {
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined && names.length > 0) return;
  throw new SggError(
    "USAGE",
    `Cannot give reward "${unknown ?? ""}": profile "${profile}" has no such, expected one of ${known.join(", ")}`,
  );
}

const loadTargets = async (path: string) =>
  new Map((await loadDataset(path, { images: false })).map((row) => [row.image_id, row]));

const outcomeWords: Readonly<Record<string, string>> = {
  parsed: "read",
  partly: "read in part",
  unparsed: "not read",
  limit: "over a limit",
};

/** The means as a table, then what became of the completions. */
function tallyText({ completions, rewards, outcomes, failures }: Tally, rate: number): string {
  const rows = Object.entries(rewards).map(([name, { mean, least, most }]) => [
    name,
    ...[mean, least, most].map((value) => value.toFixed(4)),
  ]);
  const right = { align: "right" } as const;
  const table = setColumns(
    [["reward", "mean", "least", "most"], ...rows],
    [{ align: "left" }, right, right, right],
    100,
  );
  const counts = (
    all: Readonly<Record<string, number>>,
    words: Readonly<Record<string, string>> = {},
  ) =>
    Object.entries(all)
      .map(([what, count]) => `${count} ${words[what] ?? what}`)
      .join(", ");
  const why = Object.keys(failures).length > 0 ? ` (${counts(failures)})` : "";
  const said = `${completions} completions, ${rate} a second: ${counts(outcomes, outcomeWords)}${why}`;
  return `${[...table, said].join("\n")}\n`;
}
