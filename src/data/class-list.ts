import { readFile } from "node:fs/promises";
import { z } from "zod";
import type { ClassNames } from "../core/classes/class-names.ts";
import { psg } from "../core/classes/psg.ts";
import { vg150 } from "../core/classes/vg150.ts";
import { SggError } from "../errors.ts";
import { readJson } from "./predictions.ts";

const classesSchema = z.object({
  objects: z.array(z.string().min(1)).min(1),
  predicates: z.array(z.string().min(1)).min(1),
});

const known: Readonly<Record<string, ClassNames>> = { vg150, psg };

/**
 * A list of classes: `vg150`, `psg`, or a JSON file `{"objects": […], "predicates": […]}`.
 *
 * Errors: SggError USAGE for a file that cannot be read, DATA for one that says something else.
 */
export async function readClasses(nameOrPath: string): Promise<ClassNames> {
  const list = Object.hasOwn(known, nameOrPath) ? known[nameOrPath] : undefined;
  if (list !== undefined) return list;
  const text = await readFile(nameOrPath, "utf8").catch((cause: NodeJS.ErrnoException) => {
    const found = cause.code === "ENOENT" ? "no such file" : cause.message;
    throw new SggError(
      "USAGE",
      `Cannot load classes "${nameOrPath}": ${found}, expected vg150, psg, or a JSON file`,
      { cause },
    );
  });
  const parsed = readJson(classesSchema, text);
  if ("value" in parsed) return parsed.value;
  throw new SggError("DATA", `Cannot load classes "${nameOrPath}": ${parsed.fault}`);
}
