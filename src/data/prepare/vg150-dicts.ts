import { z } from "zod";
import type { ClassNames } from "../../core/classes/class-names.ts";
import { cannotUse, readJsonFile } from "./source-file.ts";

const numbers = z.record(z.string(), z.int().positive());
const dicts = z.object({ label_to_idx: numbers, predicate_to_idx: numbers });

/**
 * The names in VG-SGG-dicts.json (or -with-attri), in the order of their numbers, which begin at 1.
 *
 * `highest` has the highest numbers that the annotations use: each needs a name.
 *
 * Errors: SggError DATA when the file cannot be read, numbers are shared or left out, or the
 * annotations use one that has no name.
 */
export async function readVg150Names(
  path: string,
  highest: { readonly label: number; readonly predicate: number },
): Promise<ClassNames> {
  const parsed = dicts.safeParse(await readJsonFile(path, "VG-SGG-dicts.json"));
  if (!parsed.success) {
    const where = parsed.error.issues[0]?.path.join(".") || "the file";
    throw cannotUse(path, `no numbers at ${where}`, "label_to_idx and predicate_to_idx");
  }
  return {
    objects: inOrder(path, "label_to_idx", parsed.data.label_to_idx, highest.label),
    predicates: inOrder(path, "predicate_to_idx", parsed.data.predicate_to_idx, highest.predicate),
  };
}

function inOrder(
  path: string,
  field: string,
  numberOf: Readonly<Record<string, number>>,
  highest: number,
): readonly string[] {
  const names = Object.entries(numberOf)
    .sort(([, a], [, b]) => a - b)
    .map(([name, number], index) => {
      if (number === index + 1) return name;
      throw cannotUse(path, `${field} gives "${name}" the number ${number}`, `${index + 1}`);
    });
  if (highest <= names.length) return names;
  throw cannotUse(
    path,
    `${names.length} names in ${field}`,
    `one for number ${highest}, which the annotations use`,
  );
}
