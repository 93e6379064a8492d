import type { ClassNames } from "../../core/classes/class-names.ts";
import { SggError } from "../../errors.ts";
import type { Fault, Place } from "../fault.ts";
import type { FilePart } from "../found-rows.ts";
import { rowsOf } from "../read-rows.ts";

/** A part of a dataset that is checked in one go. */
export interface Part {
  readonly file: string;
  /** Name of the file in places, where there are several. */
  readonly name: string | undefined;
  readonly part: FilePart;
  readonly images: boolean;
  readonly classes: ClassNames | undefined;
}

/** What checking a part came to; plain and small, for it crosses from thread to thread. */
export type PartChecked =
  | {
      /** Line or row of each row. */
      readonly at: Uint32Array;
      /** Id of each row, for the comparison with other parts; empty where it has none. */
      readonly ids: readonly string[];
      /** What is wrong with rows by themselves, by their index. */
      readonly faults: ReadonlyMap<number, readonly Fault[]>;
    }
  | { readonly cannot: { readonly code: "DATA"; readonly message: string } };

/** Checks each row of a part alone. Errors: those of `node:fs`. */
export async function checkPart(part: Part): Promise<PartChecked> {
  const { file, name, images, classes } = part;
  const [at, ids]: [number[], string[]] = [[], []];
  const faults = new Map<number, readonly Fault[]>();
  try {
    for await (const read of rowsOf(file, name, { images, classes }, part.part)) {
      if ("faults" in read) faults.set(at.length, read.faults);
      at.push(read.place.line ?? read.place.row ?? 0);
      ids.push(read.image_id ?? "");
    }
  } catch (cause) {
    if (!(cause instanceof SggError)) throw cause;
    return { cannot: { code: "DATA", message: cause.message } };
  }
  return { at: Uint32Array.from(at), ids, faults };
}

/** The place of a line or row of a part. */
export const placeIn = ({ name, part }: Part, at: number): Place => ({
  ...(name !== undefined && { file: name }),
  ...("lines" in part ? { line: at } : { row: at }),
});
