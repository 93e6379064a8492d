import { dirname, isAbsolute, resolve } from "node:path";
import { SggError } from "../errors.ts";
import { loadWithPlaces } from "./load.ts";
import { type Study, type StudyGroup, studySchema } from "./study.ts";
import { placeOf, type Tree } from "./tree.ts";

/**
 * Reads a study or a group of them, the paths of recipes made absolute.
 *
 * Errors: SggError RECIPE that lists every fault with its file, line and path
 */
export async function loadStudies(path: string): Promise<StudyGroup> {
  const { recipe, tree } = await loadWithPlaces(path, studySchema);
  const read = withAbsolute(recipe, tree, []) as typeof recipe;
  if (read.kind !== "group")
    return { name: read.name, title: read.title, notes: [], studies: [read] };
  const { name, title, notes, seeds, studies: paths } = read;
  const studies = await Promise.all(paths.map(loadStudy));
  const seeded = studies.map((study) => ({ ...(seeds && { seeds }), ...study }));
  return { name, title, notes, studies: seeded };
}

/**
 * Reads one study.
 *
 * Errors: as `loadStudies`, and for a group
 */
export async function loadStudy(path: string): Promise<Study> {
  const { recipe, tree } = await loadWithPlaces(path, studySchema);
  if (recipe.kind !== "group") return withAbsolute(recipe, tree, []) as Study;
  throw new SggError("RECIPE", `Cannot use study "${path}": a group, expected a table or a figure`);
}

/** Where a study has the path of a file. */
const paths = ["run", "start", "studies"];

/** Every path made absolute from the file in which it stands. */
function withAbsolute(value: unknown, tree: Tree, at: readonly PropertyKey[]): unknown {
  if (Array.isArray(value)) return value.map((item, i) => withAbsolute(item, tree, [...at, i]));
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(
      Object.entries(value).map(([key, child]) => [key, withAbsolute(child, tree, [...at, key])]),
    );
  const isPath = at.some((key) => typeof key === "string" && paths.includes(key));
  if (!isPath || typeof value !== "string" || isAbsolute(value)) return value;
  return resolve(dirname(placeOf(tree, at).file), value);
}
