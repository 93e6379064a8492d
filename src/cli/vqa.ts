import { Command } from "commander";
import type { Io } from "./io.ts";
import { vqaBuildCommand } from "./vqa-build.ts";
import { vqaRunCommand } from "./vqa-run.ts";
import { vqaScoreCommand } from "./vqa-score.ts";

/** `r1sgg vqa`: the paper's four-way questions on relations. */
export const vqaCommand = (io: Io): Command =>
  new Command("vqa")
    .description("four-way questions on the relations of a dataset, in nine settings")
    .addCommand(vqaBuildCommand(io))
    .addCommand(vqaRunCommand(io))
    .addCommand(vqaScoreCommand(io));
