import type { Row } from "../row.ts";
import type { SourceFile } from "./source-file.ts";

/** A row whose image lies somewhere: `image_path` is absolute. */
export type PreparedRow = Row & { readonly image_path: string };

/** What is left after a filter, and what public code is known to have left there. */
export interface Count {
  /** What the filter keeps, in words: `with a relation`. */
  readonly kept: string;
  readonly images: number;
  readonly relations: number;
  /** Images that public code or its users report at this place; absent where options differ. */
  readonly published?: number;
}

/** One part of a data set, ready to be written in any format. */
export interface PreparedSplit {
  readonly name: string;
  /** One for each filter, in the order in which they were applied; the last is what is written. */
  readonly counts: readonly Count[];
  /** Rows that the paper trained or tested on, where it names a number. */
  readonly paper?: number;
  /** The rows, made as they are asked for; each call begins anew. */
  readonly rows: () => Iterable<PreparedRow>;
}

/** How many rows a split has. */
export const rowCount = ({ counts }: PreparedSplit): number => counts.at(-1)?.images ?? 0;

/** A raw data set that was read, filtered and checked; nothing has been written yet. */
export interface Prepared {
  readonly dataset: string;
  readonly sources: readonly SourceFile[];
  readonly options: Readonly<Record<string, unknown>>;
  readonly splits: readonly PreparedSplit[];
  /** What a person should know and no filter says, one sentence each. */
  readonly notes: readonly string[];
}

/** Told what is being done and how far it is. */
export type OnProgress = (doing: string, done: number, of: number) => void;
