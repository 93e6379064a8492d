import { Command, Option } from "commander";
import { explainCompletion } from "../core/explain/explain.ts";
import type { Explanation } from "../core/explain/explanation.ts";
import { type Task, tasks } from "../core/rewards/reward.ts";
import { thumbnail } from "../data/image.ts";
import { SggError } from "../errors.ts";
import { explanationSvg } from "../report/explanation-svg.ts";
import { explanationText } from "../report/explanation-text.ts";
import { solvers } from "../reward/score-items.ts";
import { writeAtomic } from "../write-atomic.ts";
import type { Io } from "./io.ts";
import { type Case, type CaseFlags, loadCase } from "./reward-case.ts";
import {
  boxScale,
  loadSimilarityOf,
  type ScoringFlags,
  scoringOf,
  withLimits,
  withScoring,
} from "./reward-options.ts";

interface ExplainFlags extends ScoringFlags, CaseFlags {
  readonly task: Task;
  readonly boxScale?: readonly [number, number];
  readonly json?: true;
  readonly svg?: string;
  readonly svgReward?: string;
}

const help = `
The completion is either one of a file of predictions:
  r1sgg reward explain --dataset data/val.jsonl --predictions predictions.jsonl --image-id 2343729
or stands in a file of its own, or comes from a pipe (-):
  r1sgg reward explain --target target.json --completion - < answer.txt`;

/** Longest side of the picture in a drawing, in pixels. */
const pictureSide = 1280;

/** `r1sgg reward explain`: why one completion gets its rewards. */
export const explainCommand = (io: Io): Command =>
  withLimits(
    withScoring(
      new Command("explain")
        .description("tell why one completion gets its rewards")
        .option("--dataset <path>", "a .jsonl file, or a folder that holds one")
        .option("--predictions <path>", "predictions.jsonl, or a folder of <image_id>.json")
        .option("--image-id <id>", "which image of the dataset, and which prediction")
        .option("--target <file>", "JSON {image_id, width, height, objects, relationships}")
        .option("--completion <file>", "what the model said; - reads it from stdin")
        .option("--image <file>", "the image to draw on; the dataset's if absent")
        .addOption(
          new Option("--task <name>", "what the model was asked for").choices(tasks).default("sgg"),
        )
        .option(
          "--box-scale <w,h>",
          "what coordinates go up to; the prediction's, or 1000,1000, if absent",
          boxScale,
        )
        .option("--json", "print the explanation as JSON")
        .option("--svg <file>", "draw it on the image, or on a blank ground if there is none")
        .option("--svg-reward <name>", "the reward that the drawing marks relations by"),
    ),
  )
    .addHelpText("after", help)
    .action(async (flags: ExplainFlags) => run(flags, io));

async function run(flags: ExplainFlags, io: Io): Promise<void> {
  const one = await loadCase(flags);
  const { profile, parameters, solver, limits, similarity } = scoringOf(flags);
  const told = explainCompletion(one.completion, one.target, {
    ...{ profile, parameters, limits, task: flags.task },
    solver: solvers[solver],
    similarity: (await loadSimilarityOf(similarity)).similarity,
    boxScale: flags.boxScale ?? one.boxScale ?? [1000, 1000],
  });
  if (flags.svg !== undefined) await draw(flags.svg, told, one, flags, io);
  io.print(flags.json ? `${JSON.stringify(told, undefined, 2)}\n` : explanationText(told));
}

async function draw(
  path: string,
  told: Explanation,
  { image }: Case,
  { svgReward: by }: ExplainFlags,
  { warn }: Io,
): Promise<void> {
  const known = told.rewards.filter(({ relations }) => relations).map(({ name }) => name);
  if (by !== undefined && !told.rewards.some(({ name }) => name === by)) {
    throw new SggError(
      "USAGE",
      `Cannot draw by reward "${by}": no such here, expected one of ${known.join(", ")}`,
    );
  }
  const picture = image === undefined ? undefined : await thumbnail(image, pictureSide);
  const svg = explanationSvg(told, {
    ...(picture !== undefined && { image: picture }),
    ...(by !== undefined && { by }),
  });
  await writeAtomic(path, svg).catch((cause: Error) => {
    if (cause instanceof SggError) throw cause;
    throw new SggError(
      "USAGE",
      `Cannot write "${path}": ${cause.message}, expected a file to write`,
      {
        cause,
      },
    );
  });
  warn(`drawn: ${path}\n`);
}
