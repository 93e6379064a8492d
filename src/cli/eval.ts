import { mkdir, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { Command, Option } from "commander";
import { z } from "zod";
import { evaluate, type Metrics } from "../core/metrics/evaluate.ts";
import { type Classes, datasetClasses } from "../core/metrics/scene.ts";
import { loadDataset } from "../data/load.ts";
import { loadPredictions, readJson, toEvaluationRows } from "../data/predictions.ts";
import { SggError } from "../errors.ts";
import { metricsTableText } from "../report/table.ts";
import { writeAtomic } from "../write-atomic.ts";
import type { Io } from "./io.ts";

const classesSchema = z.object({
  objects: z.array(z.string().min(1)).min(1),
  predicates: z.array(z.string().min(1)).min(1),
});

interface EvalOptions {
  readonly dataset: string;
  readonly predictions: string;
  readonly classes: string;
  readonly compat: "strict" | "release";
  readonly out?: string;
  readonly json: boolean;
}

/** `r1sgg eval`: the figures of a file of predictions against a dataset. */
export const evalCommand = ({ print, warn }: Io): Command =>
  new Command("eval")
    .description("judge predictions against a dataset: failure rate, AP50, R@K, mR@K")
    .requiredOption("--dataset <path>", "JSONL file, or a folder that holds one; images not needed")
    .requiredOption("--predictions <path>", "predictions.jsonl, or a folder of <image_id>.json")
    .option(
      "--classes <list>",
      '"dataset" (the names in it), or a JSON file {"objects": […], "predicates": […]}',
      "dataset",
    )
    .addOption(
      new Option("--compat <mode>", "strict: the clean definition of SGDET")
        .choices(["strict", "release"])
        .default("strict"),
    )
    .option("--out <file>", "write the figures there as JSON (metrics.json)")
    .option("--json", "print JSON instead of a table", false)
    .action(async (options: EvalOptions) => {
      const metrics = await evaluateFiles(options, warn);
      if (options.out !== undefined) await writeMetrics(options.out, metrics);
      print(
        options.json
          ? `${JSON.stringify(metrics, null, 2)}\n`
          : metricsTableText([{ method: options.predictions, ...metrics }]),
      );
    });

async function evaluateFiles(options: EvalOptions, warn: Io["warn"]): Promise<Metrics> {
  const { dataset, predictions, classes, compat } = options;
  if (compat === "release")
    throw new SggError(
      "USAGE",
      'Cannot evaluate with "--compat release": this version does not have it yet, expected "strict"',
    );
  if (classes === "vg150" || classes === "psg")
    throw new SggError(
      "USAGE",
      `Cannot use "--classes ${classes}": this version does not have the list yet, expected "dataset" or a JSON file`,
    );
  const list = classes === "dataset" ? undefined : await loadClasses(classes);
  const rows = await loadDataset(dataset, { images: false });
  const answers = await loadPredictions(predictions);
  const joined = toEvaluationRows(rows, answers, predictions);
  const metrics = evaluate(joined, list ?? datasetClasses(rows));
  const missing = joined.filter(({ prediction }) => prediction === undefined).length;
  const { objects, relationships } = metrics.left_out;
  if (missing > 0) warn(`${missing} of ${rows.length} images have no prediction: failures\n`);
  if (objects + relationships > 0)
    warn(`not in --classes, left out: ${objects} objects and ${relationships} relations\n`);
  if (metrics.images_without_relations > 0)
    warn(`${metrics.images_without_relations} images have no relation: not part of recall\n`);
  return metrics;
}

async function loadClasses(path: string): Promise<Classes> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    const found = cause instanceof Error ? cause.message : String(cause);
    throw new SggError(
      "USAGE",
      `Cannot load classes "${path}": ${found}, expected "dataset" or a JSON file`,
      { cause },
    );
  });
  const parsed = readJson(classesSchema, text);
  if ("value" in parsed) return parsed.value;
  throw new SggError("DATA", `Cannot load classes "${path}": ${parsed.fault}`);
}

async function writeMetrics(path: string, metrics: Metrics): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeAtomic(path, `${JSON.stringify(metrics, null, 2)}\n`);
  } catch (cause) {
    const { message } = cause as Error;
    throw new SggError("USAGE", `Cannot write "${path}": ${message}, expected a file to write`, {
      cause,
    });
  }
}
