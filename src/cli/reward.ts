import { Command } from "commander";
import type { Io } from "./io.ts";
import { explainCommand } from "./reward-explain.ts";
import { scoreCommand } from "./reward-score.ts";
import { serveCommand } from "./reward-serve.ts";

/** `r1sgg reward`: rewards of completions, as a service, of a file, and of one with reasons. */
export const rewardCommand = (io: Io): Command =>
  new Command("reward")
    .description("score what a model answers against scene graphs")
    .addCommand(serveCommand(io))
    .addCommand(scoreCommand(io))
    .addCommand(explainCommand(io));
