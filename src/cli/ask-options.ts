import { type Command, Option } from "commander";
import { familyNames } from "../infer/family.ts";
import { paperPixels } from "../infer/question.ts";
import { urls } from "./infer-options.ts";
import { wholeNumber } from "./numbers.ts";

/** Adds the options that say whom to ask: running servers, or some to be started. */
export const withServerOptions = (command: Command): Command =>
  command
    .option("--servers <urls>", "running ones: http://127.0.0.1:8000,http://127.0.0.1:8001", urls)
    .option("--launch <n>", "start so many servers, end them afterwards", wholeNumber(1))
    .option("--model <name>", "of --servers: the served name; of --launch: a folder or Hub id")
    .addOption(
      new Option("--family <family>", "auto: told by the model's config.json or name")
        .choices(familyNames)
        .default("auto"),
    );

/** Adds the options that say between how many pixels an image is seen, and who sees to it. */
export const withPixelOptions = (command: Command): Command =>
  command
    .option("--min-pixels <n>", "an image is seen with", wholeNumber(1), paperPixels.minPixels)
    .option("--max-pixels <n>", "between so many pixels", wholeNumber(1), paperPixels.maxPixels)
    .addOption(
      new Option("--resize <where>", "who sees to the pixels: we, before sending, or the servers")
        .choices(["here", "request", "server"])
        .default("here", "here; with --launch, server"),
    );

/** Adds the options that say how many questions are under way, and how long one may take. */
export const withPatienceOptions = (command: Command): Command =>
  command
    .option("--concurrency <n>", "requests under way, for each server", wholeNumber(1), 16)
    .option("--timeout <seconds>", "for one answer", wholeNumber(1), 900)
    .option("--patience <seconds>", "until servers that all fail end it", wholeNumber(1), 60)
    .addOption(
      new Option("--device <device>", "of --launch: auto takes a GPU each where there is one")
        .choices(["auto", "cpu", "cuda"])
        .default("auto"),
    )
    .option("--max-model-len <n>", "of --launch: tokens of prompt and answer", wholeNumber(1));
