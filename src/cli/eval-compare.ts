import { Command } from "commander";
import { compare } from "../core/metrics/compare.ts";
import { compareText } from "../report/compare-text.ts";
import { evalNotes } from "./eval-notes.ts";
import {
  type BootstrapOptions,
  requireOptions,
  type SetupOptions,
  withBootstrap,
  withSetup,
} from "./eval-options.ts";
import { judgeFile, toSetup } from "./eval-setup.ts";
import type { Io } from "./io.ts";
import { wholeNumber } from "./numbers.ts";
import { writeResult } from "./write-result.ts";

interface CompareOptions extends SetupOptions, BootstrapOptions {
  readonly top: number;
  readonly out?: string;
  readonly json: boolean;
}

/** `r1sgg eval compare`: by how much one file of predictions is better than another. */
export const compareCommand = ({ print, warn }: Io): Command =>
  withBootstrap(
    withSetup(
      new Command("compare")
        .description("hold two files of predictions against each other: B less A")
        .argument("<a>", "predictions.jsonl, or a folder of <image_id>.json")
        .argument("<b>", "the same, of another model"),
    ),
  )
    .option("--top <images>", "how many of the images to list that differ most", wholeNumber(0), 10)
    .option("--out <file>", "write the comparison there as JSON")
    .option("--json", "print JSON instead of text", false)
    .action(async (a: string, b: string, options: CompareOptions, command: Command) => {
      requireOptions(command, ["dataset"]);
      const { protocol } = await toSetup(options);
      const [first, second] = [
        await judgeFile(options.dataset, a, protocol),
        await judgeFile(options.dataset, b, protocol),
      ];
      for (const [path, judged] of [[a, first] as const, [b, second] as const])
        for (const note of evalNotes(judged)) warn(`${path}: ${note}\n`);
      const { bootstrap: samples, seed, top } = options;
      const comparison = compare(first.prepared, second.prepared, { samples, seed }, top);
      const json = `${JSON.stringify({ files: { a, b }, ...comparison }, null, 2)}\n`;
      if (options.out !== undefined) await writeResult(options.out, json);
      print(options.json ? json : compareText({ a, b }, comparison));
    });
