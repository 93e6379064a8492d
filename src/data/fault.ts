/** Where a row stands in its dataset. */
export interface Place {
  /** Name of the file; absent where the dataset is a single one. */
  readonly file?: string;
  /** Line of a JSONL file, counted from 1. */
  readonly line?: number;
  /** Row of a parquet file, counted from 0 as Python's `datasets` counts. */
  readonly row?: number;
}

/** One thing wrong in a dataset: where, what is there, and what belongs there. No line, no row: the file. */
export interface Fault extends Place {
  readonly image_id?: string;
  /** For example `objects[0].bbox`; absent when the row as a whole is meant. */
  readonly field?: string;
  readonly found: string;
  readonly expected: string;
}

/** A place in words: `line 3`, `row 7`, `train-00001-of-00002.parquet row 7`, `file`. */
export function placeText({ file, line, row }: Place): string {
  const at = line !== undefined ? `line ${line}` : row !== undefined ? `row ${row}` : undefined;
  if (file === undefined) return at ?? "file";
  return at === undefined ? file : `${file} ${at}`;
}

/** A fault in one line of text: `line 3 (image_id "a"), objects[0].bbox: … , expected …`. */
export function faultText({ image_id, field, found, expected, ...place }: Fault): string {
  const image = image_id === undefined ? "" : ` (image_id ${shown(image_id)})`;
  const where = `${placeText(place)}${image}${field === undefined ? "" : `, ${field}`}`;
  return withoutControls(`${where}: ${found}, expected ${expected}`);
}

/** A file's own text must not move the cursor of who reads about it. */
const withoutControls = (text: string): string =>
  text.replaceAll(/\p{Cc}/gu, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);

const shownFaults = 20;

/** The first faults as lines of text, and how many more there are. */
export function faultList(faults: readonly Fault[]): string {
  const more = faults.length - shownFaults;
  const lines = faults.slice(0, shownFaults).map((fault) => `  ${faultText(fault)}`);
  return [...lines, ...(more > 0 ? [`  and ${more} more`] : [])].join("\n");
}

/** A value as it is shown in a message: JSON, cut where it gets long. */
export function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = typeof value === "number" ? String(value) : JSON.stringify(beginning(value));
  return text.length <= 60 ? text : `${text.slice(0, 57)}…`;
}

/** As much of a value as could be shown: the whole may be deeper or longer than can be put in words. */
function beginning(value: unknown, depth = 0): unknown {
  if (typeof value === "string") return value.slice(0, 60);
  if (typeof value !== "object" || value === null) return value;
  if (depth === 30) return "…";
  if (Array.isArray(value)) return value.slice(0, 60).map((one) => beginning(one, depth + 1));
  const fields = Object.entries(value).slice(0, 60);
  return Object.fromEntries(fields.map(([name, one]) => [name, beginning(one, depth + 1)]));
}
