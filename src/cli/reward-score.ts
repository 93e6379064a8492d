import { Command, Option } from "commander";
import { makeProfile } from "../core/rewards/profiles.ts";
import { type Task, tasks } from "../core/rewards/reward.ts";
import { loadDataset } from "../data/load.ts";
import { SggError } from "../errors.ts";
import { onInterrupt } from "../launch/interrupts.ts";
import { setColumns } from "../report/columns.ts";
import { scoreFile } from "../reward/score-file.ts";
import { defaultScoring, defaultWorkers } from "../reward/settings.ts";
import type { Tally } from "../reward/tally.ts";
import type { Io } from "./io.ts";
import { wholeNumber } from "./numbers.ts";
import { showProgress } from "./progress.ts";
import {
  boxScale,
  completionMs,
  nameList,
  type ScoringFlags,
  scoringOf,
  withLimits,
  withScoring,
} from "./reward-options.ts";

interface ScoreFlags extends ScoringFlags {
  readonly dataset?: string;
  readonly rewards?: readonly string[];
  readonly task: Task;
  readonly boxScale: readonly [number, number];
  readonly workers: number;
  readonly completionMs: number;
}

const help = `
A line of IN.jsonl is an object with
  completion or response   what the model said
  target                   {image_id, width, height, objects, relationships}, boxes in pixels; or
  image_id                 of a row of --dataset
  box_scale, task          of this line, instead of --box-scale and --task
  request_id               comes back with the rewards
so that predictions.jsonl of \`r1sgg infer\` can be scored as it is. Other fields are let through.
OUT.jsonl has a line for each: {image_id, request_id, rewards, total, outcome}. It appears whole or,
after a fault (exit 3) or Ctrl-C (exit 130), not at all.`;

/** `r1sgg reward score`: rewards of a file of completions. */
export const scoreCommand = (io: Io): Command =>
  withLimits(
    withScoring(
      new Command("score")
        .description("score a JSONL file of completions, line for line")
        .argument("<in>", "a .jsonl file")
        .argument("<out>", "a .jsonl file to write")
        .option("--dataset <path>", "where targets are looked up by image_id; images not needed")
        .option(
          "--rewards <names>",
          "with commas between; the profile's defaults if absent",
          nameList,
        ),
    )
      .addOption(
        new Option("--task <name>", "what the model was asked for").choices(tasks).default("sgg"),
      )
      .option("--box-scale <w,h>", "what coordinates go up to", boxScale, [1000, 1000])
      .option(
        "--workers <count>",
        "threads that score; 0 scores in the thread that reads",
        wholeNumber(0),
        defaultWorkers(),
      ),
  )
    .addOption(completionMs())
    .addHelpText("after", help)
    .action(async (input: string, output: string, flags: ScoreFlags) =>
      run(input, output, flags, io),
    );

async function run(input: string, output: string, flags: ScoreFlags, io: Io): Promise<void> {
  const scoring = scoringOf(flags);
  const profile = makeProfile(scoring.profile, scoring.parameters);
  const rewards = flags.rewards ?? profile.defaults;
  refuseUnknown(rewards, Object.keys(profile.rewards), profile.name);
  const { isTTY, columns } = process.stderr;
  const progress = showProgress({ isTTY, columns, write: io.warn });
  const interrupted = new AbortController();
  const deaf = onInterrupt(
    (signal) =>
      interrupted.abort(
        new SggError(
          "INTERRUPTED",
          `Scoring "${input}" was interrupted by ${signal}: nothing written`,
        ),
      ),
    () => {},
  );
  const start = performance.now();
  const rate = (count: number) => Math.round((1000 * count) / (performance.now() - start));
  try {
    const targets = flags.dataset === undefined ? undefined : await loadTargets(flags.dataset);
    const tally = await scoreFile({
      ...{ input, output, threads: flags.workers, signal: interrupted.signal },
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
  } finally {
    progress.stop();
    deaf();
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
