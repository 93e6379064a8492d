import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import type { Target } from "../core/graph/scene-graph.ts";
import type { Task } from "../core/rewards/reward.ts";
import { faultList } from "../data/fault.ts";
import { findRow } from "../data/load.ts";
import { defaultBoxScale, loadPredictions } from "../data/predictions.ts";
import { SggError } from "../errors.ts";
import { readTarget } from "../reward/read-target.ts";

/** Where one completion and its target come from: a dataset with predictions, or two files. */
export interface CaseFlags {
  readonly dataset?: string;
  readonly predictions?: string;
  readonly imageId?: string;
  readonly target?: string;
  readonly completion?: string;
  readonly image?: string;
  readonly task: Task;
}

/** One completion with what it is measured against. */
export interface Case {
  readonly completion: string;
  readonly target: Target;
  /** Of the prediction; files have none. */
  readonly boxScale?: readonly [number, number];
  /** The path of the image, if there is one. */
  readonly image?: string;
}

/**
 * The completion and target that the flags name.
 *
 * Errors: SggError USAGE for flags that do not belong together, DATA for files that are not there
 *   or hold something else
 */
export async function loadCase(flags: CaseFlags): Promise<Case> {
  const { dataset, predictions, imageId, target, completion } = flags;
  const ofDataset = [dataset, predictions, imageId].filter((one) => one !== undefined).length;
  const ofFiles = [target, completion].filter((one) => one !== undefined).length;
  if (ofDataset === 3 && ofFiles === 0) return fromDataset(dataset!, predictions!, imageId!, flags);
  if (ofFiles === 2 && ofDataset === 0) return fromFiles(target!, completion!, flags);
  throw new SggError(
    "USAGE",
    "Cannot tell which completion is meant: expected --dataset, --predictions and --image-id, or --target and --completion",
  );
}

async function fromDataset(
  dataset: string,
  predictions: string,
  imageId: string,
  { image }: CaseFlags,
): Promise<Case> {
  const row = await findRow(dataset, imageId);
  const answer = (await loadPredictions(predictions)).get(imageId);
  if (answer === undefined) {
    throw new SggError(
      "DATA",
      `Cannot find image "${imageId}" in "${predictions}": no answer to it, expected one`,
    );
  }
  const { response, box_scale } = answer;
  const path = image ?? row.image_path;
  return {
    ...{ completion: response, target: row, boxScale: box_scale ?? defaultBoxScale },
    ...(path !== undefined && { image: path }),
  };
}

async function fromFiles(
  target: string,
  completion: string,
  { image, task }: CaseFlags,
): Promise<Case> {
  const read = readTarget(await readText(target, "a JSON file"), task);
  if ("faults" in read) {
    throw new SggError("DATA", `Cannot use target "${target}":\n${faultList(read.faults)}`);
  }
  const said =
    completion === "-" ? await text(process.stdin) : await readText(completion, "a text file");
  return { completion: said, target: read.target, ...(image !== undefined && { image }) };
}

const readText = (path: string, expected: string): Promise<string> =>
  readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
    const found = cause.code === "ENOENT" ? "nothing there" : cause.message;
    throw new SggError("DATA", `Cannot read "${path}": ${found}, expected ${expected}`, { cause });
  });
