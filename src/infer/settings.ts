import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { firstDifference } from "../core/json/difference.ts";
import type { Row } from "../data/row.ts";
import { SggError } from "../errors.ts";
import { writeAtomic } from "../write-atomic.ts";
import { type Asking, promptOf } from "./question.ts";

/** What the answers of a predictions file depend on: names for people, hashes for the rest. */
export interface Settings {
  readonly model: string;
  readonly family: string;
  readonly sampling: Readonly<Record<string, unknown>>;
  readonly pixels: Readonly<Record<string, unknown>>;
  /** The system prompt, by the hash of its text. */
  readonly system: string;
  /** All user messages, row by row. */
  readonly prompts: string;
  /** Ids and sizes of the images, in order. */
  readonly dataset: string;
}

/** The settings that rows are asked with. */
export function settingsOf(rows: readonly Row[], model: string, asking: Asking): Settings {
  const { family, system, sampling, pixels } = asking;
  const { minPixels, maxPixels, resize } = pixels;
  const ids = rows.map(({ image_id, width, height }) => [image_id, width, height]);
  return {
    model,
    family: family.name,
    sampling: { ...sampling },
    pixels: family.factor === undefined ? {} : { minPixels, maxPixels, resize },
    system: hashOf([family.system ? system : ""]),
    prompts: hashOf(rows.map((row) => promptOf(asking, row))),
    dataset: `${rows.length} images ${hashOf(ids)}`,
  };
}

/** Where the settings of a predictions file are. */
export const settingsPath = (out: string): string => `${out}.settings.json`;

/**
 * Writes the settings of a file that begins; compares them with those of one that goes on.
 *
 * Errors: SggError USAGE that names the first difference, or when a file with answers has none.
 */
export async function keepSettings(out: string, settings: Settings, goesOn: boolean) {
  const path = settingsPath(out);
  if (!goesOn) return writeAtomic(path, `${JSON.stringify(settings, undefined, 2)}\n`);
  const cannot = (found: string, cause?: unknown) =>
    new SggError(
      "USAGE",
      `Cannot continue "${out}": ${found}, expected the same settings, or another --out`,
      { cause },
    );
  const text = await readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
    const found = cause.code === "ENOENT" ? `no "${path}" beside it` : cause.message;
    throw cannot(found, cause);
  });
  const before = parseObject(text);
  if (before === undefined) throw cannot(`no settings in "${path}"`);
  const difference = firstDifference(before, settings);
  if (difference === undefined) return;
  const { at, before: was, now } = difference;
  throw cannot(`it was made with ${at} ${was} instead of ${now}`);
}

function parseObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined;
    throw cause;
  }
}

/** The first sixteen hex digits of a SHA-256. */
const hashOf = (values: readonly unknown[]): string => {
  const hash = createHash("sha256");
  for (const value of values) hash.update(`${JSON.stringify(value)}\n`);
  return hash.digest("hex").slice(0, 16);
};
