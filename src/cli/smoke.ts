import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { Command, Option } from "commander";
import type { SmokeMetrics } from "../launch/smoke-metrics.ts";
import type { Io } from "./io.ts";
import { wholeNumber } from "./numbers.ts";

interface SmokeOptions {
  readonly device: "auto" | "cpu" | "cuda";
  readonly out?: string;
  readonly data?: string;
  readonly model?: string;
  readonly seed?: number;
  readonly stepsSft?: number;
  readonly stepsGrpo?: number;
  readonly json: boolean;
}

/** `r1sgg smoke`: the whole job in small. */
export const smokeCommand = (io: Io): Command =>
  new Command("smoke")
    .description("the whole job in small: data, SFT, GRPO, inference, evaluation, report")
    .addOption(
      new Option("--device <device>", "auto takes one GPU where there is one, else the CPU")
        .choices(["auto", "cpu", "cuda"])
        .default("auto"),
    )
    .option(
      "--out <folder>",
      "the run's folder; an unfinished run there goes on (default: runs/<id>)",
    )
    .option("--data <path>", "your rows, JSONL with images (default: drawn scenes)")
    .option("--model <model>", "a Qwen2-VL folder or Hub id (default: a tiny one, random weights)")
    .option("--seed <number>", "seed of everything random", wholeNumber(0))
    .option("--steps-sft <number>", "optimiser steps of SFT", wholeNumber(1))
    .option("--steps-grpo <number>", "optimiser steps of GRPO", wholeNumber(1))
    .option("--json", "print metrics.json instead of the table", false)
    .addHelpText(
      "after",
      `
Examples:
  r1sgg smoke                             drawn scenes, a tiny model, no GPU needed
  r1sgg smoke --data mine.jsonl           your images and graphs
  r1sgg smoke --out runs/one --seed 1     started again it goes on where it stopped`,
    )
    .action((options: SmokeOptions) => smoke(options, io));

async function smoke(options: SmokeOptions, io: Io): Promise<void> {
  const { planSmoke } = await import("../launch/smoke-request.ts");
  const { startSmoke } = await import("../launch/smoke-start.ts");
  const { showProgress } = await import("./progress.ts");
  const { openBoard } = await import("./board.ts");
  const plan = await planSmoke(options);
  const runDir = resolve(options.out ?? join("runs", plan.id));
  const board = openBoard(showProgress());
  try {
    await startSmoke(plan, runDir, board);
  } finally {
    board.close();
  }
  const text = await readFile(join(runDir, "metrics.json"), "utf8");
  if (options.json) return io.print(text);
  const { metricsTableText } = await import("../report/table.ts");
  io.print(metricsTableText((JSON.parse(text) as SmokeMetrics).rows));
  io.warn(`\nreport: ${near(join(runDir, "report", "index.html"))}\n`);
}

/** A path as one would type it from here. */
function near(path: string): string {
  const short = relative(process.cwd(), path);
  return short.startsWith("..") || !existsSync(short) ? path : short;
}
