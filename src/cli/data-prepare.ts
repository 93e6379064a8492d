import { Command } from "commander";
import { prepareHfCommand } from "./data-prepare-hf.ts";
import { preparePsgCommand } from "./data-prepare-psg.ts";
import { prepareVg150Command } from "./data-prepare-vg150.ts";
import type { Io } from "./io.ts";

/** `r1sgg data prepare`: from published files to a dataset in our layout. */
export const prepareCommand = (io: Io): Command =>
  new Command("prepare")
    .description("make a dataset out of published files")
    .addCommand(prepareVg150Command(io))
    .addCommand(preparePsgCommand(io))
    .addCommand(prepareHfCommand(io));
