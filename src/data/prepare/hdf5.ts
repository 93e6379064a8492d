import type { Dataset, File } from "h5wasm/node";
import type { SggError } from "../../errors.ts";
import { cannotRead, cannotUse } from "./source-file.ts";

/** How many columns each data set of a file has; 1 for a plain list or a single column. */
export type Layout = Readonly<Record<string, number>>;

/** The data sets of a layout, each row after row. */
export type Columns<L extends Layout> = { readonly [name in keyof L]: Int32Array };

/**
 * Reads whole-number data sets of an HDF5 file, those of the layout and nothing else.
 *
 * The file is read where it lies, so memory grows with the data sets asked for, not with the file.
 *
 * Errors: SggError DATA when the file is missing, no HDF5, cut off, lacks a data set (all that it
 * lacks are named), or holds one of another shape or kind.
 */
export async function readHdf5<L extends Layout>(path: string, layout: L): Promise<Columns<L>> {
  const hdf5 = await import("h5wasm/node"); // 0.3 s to load: only who reads such a file pays
  const { activate_throwing_error_handler } = await hdf5.ready;
  activate_throwing_error_handler(); // else the library prints its stack on stderr
  const file = opened(hdf5.File, path);
  try {
    const names = Object.keys(layout);
    const found = new Set(file.keys());
    const missing = names.filter((name) => !found.has(name));
    if (missing.length > 0)
      throw cannotUse(path, `no data set ${missing.join(", ")}`, `all of ${names.join(", ")}`);
    const columns = names.map((name) => [name, readColumns(path, file, name, layout[name]!)]);
    return Object.fromEntries(columns) as Columns<L>;
  } finally {
    file.close();
  }
}

function opened(Opener: typeof File, path: string): File {
  try {
    return new Opener(path, "r");
  } catch (cause) {
    throw explained(path, cause);
  }
}

function readColumns(path: string, file: File, name: string, columns: number): Int32Array {
  const wanted = columns === 1 ? "a list of whole numbers" : `whole numbers in ${columns} columns`;
  const wrong = (found: string) => cannotUse(path, `${name} is ${found}`, wanted);
  const dataset = file.get(name) as Dataset;
  const { shape } = dataset;
  if (!shape) throw wrong("no table");
  if (shape.slice(1).reduce((product, size) => product * size, 1) !== columns)
    throw wrong(`${shape.join(" x ")} numbers`);
  let value: unknown;
  try {
    value = dataset.value;
  } catch (cause) {
    throw explained(path, cause);
  }
  if (value instanceof Int32Array) return value;
  if (isWhole(value)) return narrowed(value);
  throw wrong(`of the kind ${JSON.stringify(dataset.dtype)}`);
}

type Whole = ArrayLike<number | bigint>;

const isWhole = (value: unknown): value is Whole =>
  ArrayBuffer.isView(value) &&
  !(value instanceof DataView || value instanceof Float32Array || value instanceof Float64Array);

/** Into 32 bits, in which every row number fits; `Int32Array.from` would hold all twice more. */
function narrowed(numbers: Whole): Int32Array {
  const narrow = new Int32Array(numbers.length);
  for (let at = 0; at < narrow.length; at += 1) narrow[at] = Number(numbers[at]);
  return narrow;
}

/** The innermost reason of the library's error stack, as one sentence. */
function explained(path: string, cause: unknown): SggError {
  const text = (cause as Error).message;
  const cut = /truncated file: eof = (\d+).*stored_eof = (\d+)/.exec(text);
  if (cut) return cannotUse(path, `cut off after ${cut[1]} bytes`, `all ${cut[2]} of them`, cause);
  if (/No such file or directory/.test(text))
    return cannotRead(path, { code: "ENOENT" }, "an HDF5 file");
  if (/file signature/.test(text)) return cannotUse(path, "no HDF5 file", "one", cause);
  const reason = [...text.matchAll(/in \w+\(\): (.+)/g)].at(-1)?.[1] ?? text;
  return cannotUse(path, reason, "a readable HDF5 file", cause);
}
