import { basename } from "node:path";
import type { SchemaTree } from "hyparquet";
import { SggError } from "../../errors.ts";
import type { ParquetFile } from "./open.ts";

/** A column in which nothing stands is of no type, and is as good as one of texts. */
const isBytes = ({ element }: SchemaTree): boolean =>
  element.type === "BYTE_ARRAY" || element.logical_type?.type === "NULL";
const isWhole = ({ element }: SchemaTree): boolean =>
  element.type === "INT32" || element.type === "INT64";

function isBytesOrList(column: SchemaTree): boolean {
  return isBytes(column) || column.element.converted_type === "LIST";
}

function isImage(column: SchemaTree): boolean {
  if (column.children.length === 0) return isBytes(column);
  const names = column.children.map(({ element }) => element.name);
  return (names.includes("bytes") || names.includes("path")) && column.children.every(isBytes);
}

const text = "a string";
const whole = "INT32 or INT64";

/** The columns that the layout knows, and what may stand in each. */
const kinds: Readonly<
  Record<string, { readonly is: (column: SchemaTree) => boolean; readonly expected: string }>
> = {
  image_id: { is: (column) => isBytes(column) || isWhole(column), expected: `${text} or ${whole}` },
  image: { is: isImage, expected: "a struct of bytes and path, bytes, or a string" },
  image_path: { is: isBytes, expected: text },
  width: { is: isWhole, expected: whole },
  height: { is: isWhole, expected: whole },
  coco_id: { is: isWhole, expected: whole },
  objects: { is: isBytesOrList, expected: "a JSON string, or a list of {id, bbox}" },
  relationships: {
    is: isBytesOrList,
    expected: "a JSON string, or a list of {subject, predicate, object}",
  },
  prompt_open: { is: isBytes, expected: text },
  prompt_close: { is: isBytes, expected: text },
  think: { is: isBytes, expected: text },
};

const needed = ["image_id", "objects", "relationships"];

/**
 * The columns of a parquet file that are of the layout; others are left alone.
 *
 * Errors: SggError DATA naming each column that is missing or of another type.
 */
export function layoutColumns({ path, columns }: ParquetFile): readonly string[] {
  const names = columns.map(({ element }) => element.name);
  const missing = needed
    .filter((name) => !names.includes(name))
    .map((name) => `no column ${name} (found ${names.join(", ")})`);
  const known = columns.filter(({ element }) => Object.hasOwn(kinds, element.name));
  const wrong = known.flatMap((column) => {
    const { is, expected } = kinds[column.element.name]!;
    if (is(column)) return [];
    return [`column ${column.element.name} is ${typeText(column)}, expected ${expected}`];
  });
  const faults = [...missing, ...wrong];
  if (faults.length === 0) return known.map(({ element }) => element.name);
  const expected = "the columns image_id, objects, relationships";
  throw new SggError(
    "DATA",
    `Cannot use "${basename(path)}" as a dataset: ${faults.join("; ")}${missing.length > 0 ? `, expected ${expected}` : ""}`,
  );
}

const typeText = ({ element, children }: SchemaTree): string =>
  children.length === 0
    ? (element.type ?? "of no type")
    : (element.converted_type ??
      `a struct of ${children.map((child) => child.element.name).join(", ")}`);
