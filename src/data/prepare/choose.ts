import type { ClassNames } from "../../core/classes/class-names.ts";
import { restrict } from "../../core/graph/restrict.ts";
import { randomStream } from "../../core/random-stream.ts";
import { SggError } from "../../errors.ts";
import { faultList } from "../fault.ts";
import { streamRows } from "../load.ts";
import { type OptionalField, optionalFields } from "../output/dataset.ts";
import type { Faulty, Read } from "../read-rows.ts";
import type { Row } from "../row.ts";

/** Which rows of a dataset are wanted. */
export interface Wishes {
  /** Only these images. */
  readonly ids?: readonly string[];
  /** Only what these classes name; rows of which nothing is left are dropped. */
  readonly classes?: ClassNames;
  /** Only so many of what is left, drawn by `seed`; a smaller number draws some of the same. */
  readonly subset?: number;
  readonly seed: number;
  /** The names that are known; rows with others are faulty. */
  readonly known?: ClassNames;
  /** Put right what can be without harm, and leave rows out that have other faults. */
  readonly fix: boolean;
}

/** What was chosen, how many rows went at each step, and what the dataset has. */
export interface Choice {
  readonly only: (file: string, at: number) => boolean;
  readonly fields: readonly OptionalField[];
  readonly counts: Counts;
  /** Rows that were left out for their faults, where `fix` was wished. */
  readonly faulty: readonly Faulty[];
}

/** Rows after each step; steps that were not asked for are absent. */
export interface Counts {
  readonly read: number;
  readonly ids?: number;
  readonly emptied?: number;
  readonly subset?: number;
  readonly written: number;
}

/**
 * Looks through a dataset, images left alone, and chooses the rows that are wanted.
 *
 * Errors: SggError DATA with the first faults unless `fix` is wished, for ids that are not there,
 * and when fewer rows are left than `subset` wants.
 */
export async function chooseRows(
  files: readonly string[],
  wishes: Wishes,
  signal?: AbortSignal,
): Promise<Choice> {
  const { ids, classes, known, subset, seed, fix } = wishes;
  const wanted = ids && new Set(ids);
  const chosen: string[] = [];
  const fields = new Set<OptionalField>();
  const faulty: Faulty[] = [];
  const counts = { read: 0, emptied: 0 };
  for await (const read of streamRows(files, { images: false, mend: fix, classes: known })) {
    signal?.throwIfAborted();
    counts.read += 1;
    if ("faults" in read) {
      faulty.push(read);
      wanted?.delete(read.faults[0]?.image_id ?? "");
      continue;
    }
    if (wanted && !wanted.delete(read.row.image_id)) continue;
    for (const field of optionalFields) if (read.row[field] !== undefined) fields.add(field);
    if (classes && restrict(read.row, classes) === undefined) counts.emptied += 1;
    else chosen.push(keyOf(read));
  }
  if (faulty.length > 0 && !fix) throw notUsable(faulty);
  if (wanted && wanted.size > 0) throw unknownIds([...wanted]);
  const taken = subset === undefined ? chosen : draw(chosen, subset, seed);
  const set = new Set(taken);
  return {
    only: (file, at) => set.has(`${file}\n${at}`),
    fields: optionalFields.filter((field) => fields.has(field)),
    faulty,
    counts: {
      read: counts.read,
      ...(ids && { ids: chosen.length + counts.emptied }),
      ...(classes && { emptied: counts.emptied }),
      ...(subset !== undefined && { subset }),
      written: taken.length,
    },
  };
}

/** The row with only what the classes name. */
export const restricted = (row: Row, classes: ClassNames | undefined): Row =>
  classes === undefined ? row : { ...row, ...restrict(row, classes) };

const keyOf = ({ file, place }: Read): string => `${file}\n${place.line ?? place.row}`;

/** The first of a shuffled list, in the order of the list. */
function draw<T>(items: readonly T[], count: number, seed: number): readonly T[] {
  if (count > items.length)
    throw new SggError(
      "DATA",
      `Cannot take a subset of ${count} rows: ${items.length} are left, expected at least as many`,
    );
  const random = randomStream(`subset ${seed}`);
  const order = items.map((_, at) => at);
  for (let at = 0; at < count; at += 1) {
    const other = Math.floor(random.between(at, order.length));
    [order[at], order[other]] = [order[other]!, order[at]!];
  }
  return order
    .slice(0, count)
    .sort((a, b) => a - b)
    .map((at) => items[at]!);
}

/** The error of rows that cannot be used as they are. */
export const notUsable = (rows: readonly Faulty[]): SggError => {
  const faults = rows.flatMap((row) => row.faults);
  const many = faults.length === 1 ? "1 fault" : `${faults.length} faults`;
  return new SggError(
    "DATA",
    `Cannot prepare the data: ${many}, expected none (--fix mends what is harmless and leaves the other rows out)\n${faultList(faults)}`,
  );
};

const unknownIds = (ids: readonly string[]): SggError =>
  new SggError(
    "DATA",
    `Cannot choose by --ids: ${ids.length} not in the data (${ids.slice(0, 5).join(", ")}), expected ids of the data`,
  );
