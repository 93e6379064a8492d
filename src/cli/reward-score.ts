import { Command, Option } from "commander";
import { type Task, tasks } from "../core/rewards/reward.ts";
import { defaultWorkers } from "../reward/settings.ts";
import type { Io } from "./io.ts";
import { wholeNumber } from "./numbers.ts";
import {
  boxScale,
  completionMs,
  nameList,
  type ScoringFlags,
  withLimits,
  withScoring,
} from "./reward-options.ts";

/** What `r1sgg reward score` is told. */
export interface ScoreFlags extends ScoringFlags {
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
    .action(async (input: string, output: string, flags: ScoreFlags) => {
      const { runScore } = await import("./run-reward-score.ts");
      await runScore(input, output, flags, io);
    });
