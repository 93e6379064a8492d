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

/** What checking a part came to; plain values, for they cross from thread to thread. */
export type PartChecked =
  | { readonly rows: readonly RowChecked[] }
  | { readonly cannot: { readonly code: "DATA"; readonly message: string } };

/** One row: its id for the comparison with other parts, and the faults it has by itself. */
export interface RowChecked {
  readonly place: Place;
  readonly id?: string;
  readonly faults?: readonly Fault[];
}

/** Checks each row of a part alone. Errors: those of `node:fs`. */
export async function checkPart(part: Part): Promise<PartChecked> {
  const { file, name, images, classes } = part;
  const rows: RowChecked[] = [];
  try {
    for await (const read of rowsOf(file, name, { images, classes }, part.part))
      rows.push({
        place: read.place,
        ...(read.image_id !== undefined && { id: read.image_id }),
        ...("faults" in read && { faults: read.faults }),
      });
  } catch (cause) {
    if (!(cause instanceof SggError)) throw cause;
    return { cannot: { code: "DATA", message: cause.message } };
  }
  return { rows };
}
