import { Command, Option } from "commander";
import { type Task, tasks } from "../core/rewards/reward.ts";
import type { Io } from "./io.ts";
import type { CaseFlags } from "./reward-case.ts";
import { boxScale, type ScoringFlags, withLimits, withScoring } from "./reward-options.ts";

/** What `r1sgg reward explain` is told. */
export interface ExplainFlags extends ScoringFlags, CaseFlags {
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
    .action(async (flags: ExplainFlags) => {
      const { runExplain } = await import("./run-reward-explain.ts");
      await runExplain(flags, io);
    });
