import { z } from "zod";
import type { Target } from "../core/graph/scene-graph.ts";
import { type Fault, shown } from "./fault.ts";
import { objectIdPattern, plainRow } from "./plain-row.ts";

/**
 * One image of a dataset with its scene graph.
 *
 * Unit: boxes in pixels of the image as it is stored.
 */
export interface Row extends Target {
  /** Absolute path of the image, or `FILE.parquet#ROW`; absent in rows that have none. */
  readonly image_path?: string;
  /** The number of the image in COCO, for one that comes from there. */
  readonly coco_id?: number;
  readonly prompt_open?: string;
  readonly prompt_close?: string;
  /** What SFT teaches to think before the answer. */
  readonly think?: string;
  /** What the row asks, and what SFT teaches to answer, where it is not its graph. */
  readonly question?: string;
  readonly answer?: string;
}

/** A JSON string is read as what it holds: the Hugging Face layout keeps lists so. */
const orJson = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value, context) => {
    if (typeof value !== "string") return value;
    try {
      return JSON.parse(value);
    } catch (cause) {
      const params = { found: `broken JSON (${(cause as SyntaxError).message})` };
      const message = "a list, or a JSON string of one";
      context.issues.push({ code: "custom", input: value, message, params });
      return z.NEVER;
    }
  }, schema);

const text = z.string().min(1);
const finite = z.number();
const whole = (issue: z.core.$ZodRawIssue): string | undefined =>
  issue.code === "invalid_type" ? "a whole number" : undefined;
const box = z.tuple([finite, finite, finite, finite], { error: "four finite numbers" });
const side = z.int({ error: whole }).positive();
const objectId = z.string().regex(objectIdPattern, { error: "name.number, for example person.1" });

/**
 * The layout of a dataset line: ids, boxes, relations, and where the image is.
 *
 * `objects` and `relationships` may be JSON strings; fields that are not named are let through.
 */
export const rowSchema = z.object({
  image_id: text,
  image_path: text.optional(),
  image: z.string({ error: "the path of an image" }).min(1).optional(),
  width: side.optional(),
  height: side.optional(),
  coco_id: z.int({ error: whole }).positive().optional(),
  objects: orJson(z.array(z.object({ id: objectId, bbox: box }))),
  relationships: orJson(z.array(z.object({ subject: text, predicate: text, object: text }))),
  prompt_open: z.string().optional(),
  prompt_close: z.string().optional(),
  think: z.string().optional(),
  question: z.string().optional(),
  answer: z.string().optional(),
});

/** A row that has the layout; its boxes and ids are not yet compared with each other. */
export type RawRow = z.infer<typeof rowSchema>;

/** What came of a row: it, or every fault of its layout; faults do not say where they are yet. */
export type Parsed =
  | { readonly row: RawRow }
  | { readonly image_id?: string; readonly faults: readonly LayoutFault[] };

type LayoutFault = Pick<Fault, "field" | "found" | "expected">;

/** What comes of bytes that are no text. */
export const notUtf8: Parsed = {
  faults: [{ found: "bytes that are not UTF-8", expected: "text in UTF-8" }],
};

/** Reads one line of a JSONL dataset. */
export function parseLine(json: string): Parsed {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    const found = `broken JSON (${(cause as SyntaxError).message})`;
    return { faults: [{ found, expected: "one JSON object a line" }] };
  }
  return parseRow(value);
}

/** Reads one row of a dataset. */
export function parseRow(json: unknown): Parsed {
  const value = withoutNulls(json);
  const plain = plainRow(value);
  if (plain) return { row: plain };
  const parsed = rowSchema.safeParse(value, { reportInput: true, error: wanted });
  if (parsed.success) return { row: parsed.data };
  const id = (value as { image_id?: unknown } | null)?.image_id;
  return {
    ...(typeof id === "string" && { image_id: id }),
    faults: firstOfField(parsed.error.issues.map(layoutFault)),
  };
}

/** Nothing stands for null, as in parquet: that is how the Hugging Face library exports it. */
function withoutNulls(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const fields = Object.entries(value);
  if (fields.every(([, one]) => one !== null)) return value;
  return Object.fromEntries(fields.filter(([, one]) => one !== null));
}

/** One fault a field: an empty list for a text is also too short for one. */
const firstOfField = (faults: readonly LayoutFault[]): readonly LayoutFault[] => {
  const seen = new Set<string | undefined>();
  return faults.filter(({ field }) => !seen.has(field) && seen.add(field));
};

function layoutFault(issue: z.core.$ZodIssue): LayoutFault {
  const field = issue.path
    .map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`))
    .join("")
    .slice(1);
  const found = issue.code === "custom" ? String(issue.params?.found) : shown(issue.input);
  return { ...(field !== "" && { field }), found, expected: issue.message };
}

/** What belongs there, in words, for the faults that the schema itself says nothing about. */
function wanted(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === "invalid_type") return inWords[issue.expected] ?? issue.expected;
  if (issue.code === "too_big") return "a smaller number";
  if (issue.code === "too_small") return issue.origin === "string" ? "some text" : "more than 0";
  return undefined;
}

const inWords: Readonly<Record<string, string>> = {
  string: "a string",
  number: "a finite number",
  int: "a whole number",
  array: "a list",
  object: "an object",
};
