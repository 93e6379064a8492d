import { dirname, isAbsolute, resolve } from "node:path";
import { loadWithPlaces } from "./load.ts";
import { type Study, studySchema } from "./study.ts";
import { placeOf, type Tree } from "./tree.ts";

/**
 * Reads a study, the paths of its recipes made absolute.
 *
 * Errors: SggError RECIPE that lists every fault with its file, line and path
 */
export async function loadStudy(path: string): Promise<Study> {
  const { recipe: study, tree } = await loadWithPlaces(path, studySchema);
  return absoluteRuns(study, tree, []) as Study;
}

/** Every `run` made absolute from the file in which it stands. */
function absoluteRuns(value: unknown, tree: Tree, at: readonly PropertyKey[]): unknown {
  if (Array.isArray(value)) return value.map((item, i) => absoluteRuns(item, tree, [...at, i]));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, child]) => {
    const here = [...at, key];
    if (key !== "run" || typeof child !== "string") return [key, absoluteRuns(child, tree, here)];
    const { file } = placeOf(tree, here);
    return [key, isAbsolute(child) ? child : resolve(dirname(file), child)];
  });
  return Object.fromEntries(entries);
}
