import { Command } from "commander";
import { bootstrap, type Confidence } from "../core/metrics/bootstrap.ts";
import { type StrictMetrics, strictMetrics } from "../core/metrics/evaluate.ts";
import { imageFigures } from "../core/metrics/per-image.ts";
import { type ReleaseMetrics, releaseMetrics } from "../core/metrics/release/metrics.ts";
import { evalText } from "../report/eval-text.ts";
import { compareCommand } from "./eval-compare.ts";
import { explainCommand } from "./eval-explain.ts";
import { evalNotes } from "./eval-notes.ts";
import {
  type BootstrapOptions,
  requireOptions,
  type SetupOptions,
  withBootstrap,
  withSetup,
} from "./eval-options.ts";
import { type Judged, judgeFile, type Setup, toSetup } from "./eval-setup.ts";
import type { Io } from "./io.ts";
import { writeResult } from "./write-result.ts";

interface EvalOptions extends SetupOptions, BootstrapOptions {
  readonly predictions: string;
  readonly perImage?: string;
  readonly out?: string;
  readonly json: boolean;
}

/** What `--out` and `--json` give. */
type Result = (StrictMetrics | ReleaseMetrics) & { readonly confidence: Confidence | null };

/** `r1sgg eval`: the figures of a file of predictions against a dataset. */
export const evalCommand = (io: Io): Command =>
  withBootstrap(
    withSetup(
      new Command("eval")
        .description("judge predictions against a dataset: failure rate, AP50, R@K, mR@K")
        .enablePositionalOptions()
        .option("--predictions <path>", "predictions.jsonl, or a folder of <image_id>.json"),
    ),
  )
    .option("--per-image <file>", "write the recall of each image there, as JSONL")
    .option("--out <file>", "write the figures there as JSON (metrics.json)")
    .option("--json", "print JSON instead of a table", false)
    .addCommand(explainCommand(io))
    .addCommand(compareCommand(io))
    .action(async (options: EvalOptions, command: Command) => {
      requireOptions(command, ["dataset", "predictions"]);
      const setup = await toSetup(options);
      const judged = await judgeFile(options.dataset, options.predictions, setup.protocol);
      const result = toResult(judged, setup, options);
      for (const note of evalNotes(judged)) io.warn(`${note}\n`);
      if (options.perImage !== undefined) {
        const lines = Array.from(imageFigures(judged.prepared.tally), (one) => JSON.stringify(one));
        await writeResult(options.perImage, `${lines.join("\n")}\n`);
      }
      const json = `${JSON.stringify(result, null, 2)}\n`;
      if (options.out !== undefined) await writeResult(options.out, json);
      io.print(options.json ? json : evalText(options.predictions, result));
    });

function toResult({ prepared }: Judged, { frequencies }: Setup, options: EvalOptions): Result {
  const { bootstrap: samples, seed } = options;
  const metrics =
    prepared.tally.protocol.compat === "release"
      ? releaseMetrics(prepared, frequencies)
      : strictMetrics(prepared, frequencies);
  const confidence = samples > 0 ? bootstrap(prepared, { samples, seed }) : null;
  return { ...metrics, confidence };
}
