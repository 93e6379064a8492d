import { readFile } from "node:fs/promises";
import { Command, Option } from "commander";
import { ovdrBase } from "../core/classes/ovdr.ts";
import { readClasses } from "../data/class-list.ts";
import { hubSettings } from "../data/hub/settings.ts";
import type { DatasetFormat } from "../data/output/dataset.ts";
import type { Wishes } from "../data/prepare/choose.ts";
import { type HfRecord, prepareHf } from "../data/prepare/hf.ts";
import { findSource } from "../data/prepare/hf-source.ts";
import { newFolder } from "../data/temporary-folder.ts";
import { SggError } from "../errors.ts";
import { interruptible } from "./interruptible.ts";
import type { Io } from "./io.ts";
import { wholeNumber } from "./numbers.ts";
import { showProgress } from "./progress.ts";

interface HfFlags {
  readonly out: string;
  readonly format: DatasetFormat;
  readonly split?: string;
  readonly revision?: string;
  readonly subset?: number;
  readonly seed: number;
  readonly ids?: string;
  readonly ovdr?: true;
  readonly classes?: string;
  readonly fix?: true;
  readonly json?: true;
}

/** `r1sgg data prepare hf`: a dataset of the Hugging Face layout, from disk or from the Hub. */
export const prepareHfCommand = (io: Io): Command =>
  new Command("hf")
    .description("a dataset in the Hugging Face layout, or of our own: choose rows, change format")
    .argument("<source>", "a .parquet or .jsonl file, a folder of them, or a Hub id (owner/name)")
    .requiredOption("--out <dir>", "a new folder: the rows, their images, prepare.json")
    .addOption(
      new Option("--format <format>", "lines and images, or parquet that holds both")
        .choices(["jsonl", "parquet"])
        .default("parquet"),
    )
    .option("--split <name>", "which set of files, where there are several")
    .option("--revision <revision>", "branch, tag or commit of the Hub's repository (main)")
    .option("--subset <n>", "only so many rows, drawn by --seed", wholeNumber(1))
    .option("--seed <n>", "which rows --subset draws", wholeNumber(0), 0)
    .option("--ids <file>", "only these images, an image_id a line")
    .option("--ovdr", "only the classes that the open-vocabulary split of VG150 trains on")
    .addOption(
      new Option(
        "--classes <list>",
        'only these classes: vg150, psg, or a JSON file {"objects": […], "predicates": […]}',
      ).conflicts("ovdr"),
    )
    .option("--fix", "mend what is harmless, leave out rows with other faults, list both")
    .option("--json", "print prepare.json")
    .action(async (source: string, flags: HfFlags) => run(source, flags, io));

async function run(source: string, flags: HfFlags, { print }: Io): Promise<void> {
  await newFolder(flags.out); // before gigabytes are fetched
  const wishes = await wishesOf(flags);
  const record = await interruptible(
    (signal) => `Cannot finish "${flags.out}": ${signal}, nothing is written`,
    (signal) => findAndPrepare(source, flags, wishes, signal),
  );
  print(flags.json ? `${JSON.stringify(record, null, 2)}\n` : recordText(record, flags.out));
}

async function findAndPrepare(
  source: string,
  flags: HfFlags,
  wishes: Wishes,
  signal: AbortSignal,
): Promise<HfRecord> {
  const progress = showProgress();
  const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);
  try {
    const { set, ...found } = await findSource(
      {
        ...{ source, set: flags.split, revision: flags.revision, signal },
        onBytes: (done, of) =>
          progress.update("download", `${megabytes(done)} of ${megabytes(of)} MB`),
      },
      hubSettings(),
    );
    const { format, out } = flags;
    progress.update("look through the rows");
    return await prepareHf(found, {
      ...{ out, set, format, wishes, asked: askedOf(flags, set), signal },
      onProgress: (done, of) => progress.update("copy", `${done} of ${of} rows`),
    });
  } finally {
    progress.stop();
  }
}

async function wishesOf({ ids, ovdr, classes, subset, seed, fix }: HfFlags): Promise<Wishes> {
  const list = ovdr ? ovdrBase : classes === undefined ? undefined : await readClasses(classes);
  return {
    ...(ids !== undefined && { ids: await readIds(ids) }),
    ...(list && { classes: list }),
    ...(subset !== undefined && { subset }),
    ...{ seed, fix: fix ?? false },
  };
}

async function readIds(path: string): Promise<readonly string[]> {
  const text = await readFile(path, "utf8").catch((cause: Error) => {
    throw new SggError("USAGE", `Cannot read --ids "${path}": ${cause.message}, expected a file`, {
      cause,
    });
  });
  const ids = text.split(/\r?\n/).filter((line) => line !== "");
  if (ids.length > 0) return ids;
  throw new SggError("USAGE", `Cannot use --ids "${path}": no ids, expected one a line`);
}

/** The options as the record keeps them. */
const askedOf = ({ out: _, json: __, seed, ...flags }: HfFlags, set: string) => ({
  ...flags,
  split: set,
  ...(flags.subset !== undefined && { seed }),
});

function recordText({ counts, files }: HfRecord, out: string): string {
  const { read, ids, emptied, subset, written, mended, leftOut } = counts;
  const lines = [
    [read, "rows read"],
    [leftOut || undefined, "left out for their faults"],
    [mended || undefined, "mended"],
    [ids, "among the ids"],
    [emptied, "dropped: nothing of the classes in them"],
    [subset, "drawn"],
    [written, `rows written: ${files.length === 1 ? files[0] : `${files.length} files`}`],
  ] as const;
  const shown = lines.flatMap(([count, what]) => (count === undefined ? [] : `${count} ${what}\n`));
  return `${out}\n${shown.join("")}`;
}
