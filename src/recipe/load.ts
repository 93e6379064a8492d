import { readFile } from "node:fs/promises";
import { parseDocument } from "yaml";
import type { z } from "zod";
import { SggError } from "../errors.ts";

/**
 * Reads a recipe file and checks it against its schema.
 *
 * Errors: SggError RECIPE that lists every fault with its path.
 */
export async function loadRecipe<T>(path: string, schema: z.ZodType<T>): Promise<T> {
  const text = await readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
    throw new SggError("RECIPE", `Cannot read recipe "${path}": ${cause.message}`, { cause });
  });
  const document = parseDocument(text);
  const [fault] = document.errors;
  if (fault) throw new SggError("RECIPE", `Cannot read recipe "${path}": ${fault.message}`);
  const checked = schema.safeParse(document.toJS());
  if (checked.success) return checked.data;
  const faults = checked.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  throw new SggError("RECIPE", `Cannot use recipe "${path}": ${faults.join("; ")}`);
}
