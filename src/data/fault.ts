/** One thing wrong in a dataset: where, what is there, and what belongs there. */
export interface Fault {
  /** Line of the file, counted from 1; 0 for the file as a whole. */
  readonly line: number;
  readonly image_id?: string;
  /** For example `objects[0].bbox`; absent when the line as a whole is meant. */
  readonly field?: string;
  readonly found: string;
  readonly expected: string;
}

/** A fault in one line of text: `line 3 (image_id "a"), objects[0].bbox: … , expected …`. */
export function faultText({ line, image_id, field, found, expected }: Fault): string {
  const where = line === 0 ? "file" : `line ${line}`;
  const image = image_id === undefined ? "" : ` (image_id ${JSON.stringify(image_id)})`;
  return `${where}${image}${field === undefined ? "" : `, ${field}`}: ${found}, expected ${expected}`;
}

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
  const text = typeof value === "number" ? String(value) : JSON.stringify(value);
  return text.length <= 60 ? text : `${text.slice(0, 57)}…`;
}
