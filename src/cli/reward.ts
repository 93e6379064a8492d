import { Command } from "commander";
import type { Io } from "./io.ts";
import { serveCommand } from "./reward-serve.ts";

/** `r1sgg reward`: rewards of completions, as a service. */
export const rewardCommand = (io: Io): Command =>
  new Command("reward")
    .description("score what a model answers against scene graphs")
    .addCommand(serveCommand(io));
