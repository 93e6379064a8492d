import { Command } from "commander";
import { explain } from "../core/metrics/explain.ts";
import { type AnsweredRow, readEvaluationRows } from "../data/evaluation-rows.ts";
import { SggError } from "../errors.ts";
import { explainSvg } from "../report/explain-svg.ts";
import { explainText } from "../report/explain-text.ts";
import { requireOptions, type SetupOptions, withSetup } from "./eval-options.ts";
import { toSetup } from "./eval-setup.ts";
import type { Io } from "./io.ts";
import { writeResult } from "./write-result.ts";

interface ExplainOptions extends SetupOptions {
  readonly predictions: string;
  readonly svg?: string;
  readonly json: boolean;
}

/** `r1sgg eval explain`: why an image has the recall that it has. */
export const explainCommand = ({ print, warn }: Io): Command =>
  withSetup(
    new Command("explain")
      .description(
        "why an image is judged as it is: each relation, found or missed, with the reason",
      )
      .argument("<image_id>", "an image of the dataset")
      .option("--predictions <path>", "predictions.jsonl, or a folder of <image_id>.json"),
  )
    .option("--svg <file>", "draw truth and answer there, side by side")
    .option("--json", "print JSON instead of text", false)
    .action(async (imageId: string, options: ExplainOptions, command: Command) => {
      requireOptions(command, ["dataset", "predictions"]);
      const { protocol } = await toSetup(options);
      const row = await findRow(imageId, options);
      const explanation = explain(row, protocol);
      if (options.svg !== undefined) {
        const picture = await pictureOf(row, warn);
        await writeResult(options.svg, explainSvg(row, explanation, picture));
      }
      print(options.json ? `${JSON.stringify(explanation, null, 2)}\n` : explainText(explanation));
    });

/** Longest side of the picture in a drawing, in pixels. */
const pictureSide = 1024;

/** The image as a data URL; a drawing without it is better than none. */
async function pictureOf({ target }: AnsweredRow, warn: Io["warn"]): Promise<string | undefined> {
  if (target.image_path === undefined) return undefined;
  try {
    const { thumbnail } = await import("../data/image.ts");
    return await thumbnail(target.image_path, pictureSide);
  } catch (cause) {
    if (!(cause instanceof SggError)) throw cause;
    warn(`drawn without the image: ${cause.message}\n`);
    return undefined;
  }
}

/** The image with that id. The rest of the files is not looked at. */
async function findRow(imageId: string, options: ExplainOptions): Promise<AnsweredRow> {
  for await (const row of readEvaluationRows(options.dataset, options.predictions))
    if (row.target.image_id === imageId) return row;
  throw new SggError(
    "USAGE",
    `Cannot explain "${imageId}": no such image in "${options.dataset}", expected an image_id of it`,
  );
}
