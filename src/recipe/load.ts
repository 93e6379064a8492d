import { resolve } from "node:path";
import type { z } from "zod";
import { describeFaults } from "./describe-faults.ts";
import { type Environment, withEnvironment } from "./environment.ts";
import { readExtended } from "./extend.ts";
import { withOverrides } from "./overrides.ts";
import { schemaFaults } from "./schema-faults.ts";
import { type Tree, toPlain } from "./tree.ts";

/** What changes a recipe for one run. */
export interface LoadOptions {
  /** `key=value`, as `--set` takes it. */
  readonly set?: readonly string[];
  readonly environment?: Environment;
}

/** A checked recipe, and where each value of it was written. */
export interface Loaded<T> {
  readonly recipe: T;
  readonly tree: Tree;
}

/**
 * Reads a recipe with what it extends, puts in overrides and environment, and checks it.
 *
 * Errors: SggError RECIPE that lists every fault with its file, line and path; USAGE for `set`
 */
export async function loadWithPlaces<T>(
  path: string,
  schema: z.ZodType<T>,
  { set = [], environment = process.env }: LoadOptions = {},
): Promise<Loaded<T>> {
  const file = resolve(path);
  const { tree, faults } = withEnvironment(
    withOverrides(await readExtended(file), set),
    environment,
  );
  const checked = schema.safeParse(toPlain(tree), { reportInput: true });
  if (checked.success && faults.length === 0) return { recipe: checked.data, tree };
  const issues = checked.success ? [] : checked.error.issues;
  // What an unset variable left behind is no second fault.
  const told = new Set(faults.map((fault) => `${fault.file}:${fault.line}`));
  const further = schemaFaults(tree, issues).filter(
    (fault) => !told.has(`${fault.file}:${fault.line}`),
  );
  throw describeFaults(file, [...faults, ...further]);
}

/** {@link loadWithPlaces} without the places. */
export const loadRecipe = async <T>(
  path: string,
  schema: z.ZodType<T>,
  options: LoadOptions = {},
): Promise<T> => (await loadWithPlaces(path, schema, options)).recipe;
