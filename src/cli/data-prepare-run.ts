import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { InvalidArgumentError, Option } from "commander";
import { countsText } from "../data/prepare/counts-text.ts";
import type { OnProgress, Prepared } from "../data/prepare/prepared.ts";
import { duplicateChoices } from "../data/prepare/relations.ts";
import { writePrepared } from "../data/prepare/write-prepared.ts";
import { newFolder } from "../data/temporary-folder.ts";
import { interruptible } from "./interruptible.ts";
import type { Io } from "./io.ts";
import { showProgress } from "./progress.ts";

/** What every `data prepare` is asked. */
export interface PrepareFlags {
  readonly out: string;
  readonly copyImages?: true;
  readonly json?: true;
}

type Read = (onProgress: OnProgress, signal: AbortSignal) => Promise<Prepared>;

/**
 * Reads a raw data set and writes it; prints the counts, says how far it is.
 *
 * Ctrl-C and `kill` end it with nothing half-written.
 */
export async function prepare(read: Read, flags: PrepareFlags, { print, warn }: Io): Promise<void> {
  await newFolder(flags.out); // before minutes are spent on reading
  const progress = showProgress();
  const onProgress: OnProgress = process.stderr.isTTY
    ? (doing, done, of) => progress.update("prepare", `${done} of ${of} ${doing}`)
    : progressLines((text) => warn(`prepare: ${text}\n`));
  await interruptible(
    (signal) => `Cannot finish "${flags.out}": ${signal}, nothing is written`,
    async (signal) => {
      const prepared = await read(onProgress, signal);
      const out = await writePrepared(prepared, {
        out: flags.out,
        copyImages: flags.copyImages ?? false,
        onProgress,
        signal,
      });
      progress.stop();
      if (flags.json) print(await readFile(join(out, "prepare.json"), "utf8"));
      else print(`${out}\n${countsText(prepared)}`);
    },
  ).finally(progress.stop);
}

/** Says how far it is at every tenth of the way. */
function progressLines(say: (text: string) => void): OnProgress {
  let said = "";
  return (doing, done, of) => {
    const now = `${doing} ${Math.floor((done * 10) / of)}`;
    if (now === said) return;
    said = now;
    say(`${done} of ${of} ${doing}`);
  };
}

const parts = (text: string): readonly string[] =>
  text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");

/** Several values in one, parted by commas. */
export function list(text: string): readonly string[] {
  const found = parts(text);
  if (found.length > 0) return found;
  throw new InvalidArgumentError("Expected some, parted by commas.");
}

/** `--split`: some of the names, or `all`. */
export const splitOption = <Name extends string>(
  names: readonly Name[],
  otherwise: readonly Name[],
): Option =>
  new Option("--split <names>", `of ${names.join(", ")}, or all`)
    .default(otherwise, otherwise.join(","))
    .argParser((text): readonly Name[] => {
      if (text === "all") return names;
      const asked = parts(text);
      const found = names.filter((name) => asked.includes(name));
      if (asked.length > 0 && found.length === asked.length) return found;
      throw new InvalidArgumentError(`Expected all, or of ${names.join(", ")}, parted by commas.`);
    });

/** `--duplicates`, and what holds without it where commander does not say so. */
export const duplicatesOption = (otherwise: string): Option => {
  const text = "of relations between the same objects: all, each statement once, or one a pair";
  const option = new Option(
    "--duplicates <which>",
    otherwise === "" ? text : `${text} (${otherwise})`,
  );
  return option.choices(duplicateChoices);
};
