import { dirname, isAbsolute, resolve } from "node:path";
import { type Contents, readContents } from "./contents.ts";
import { describeFaults } from "./describe-faults.ts";
import { type LoadOptions, loadWithPlaces } from "./load.ts";
import { type Recipe, recipeSchema } from "./recipe.ts";
import { placeOf, type Tree } from "./tree.ts";

/** A recipe with the one whose result it starts from. */
export interface RunRecipe {
  readonly recipe: Recipe;
  /** What makes the model or the predictions; null where they are there already. */
  readonly upstream: RunRecipe | null;
  /** What stands under its own paths; absent where nobody has looked. */
  readonly contents?: Contents;
}

type Path = readonly string[];

/** Where a recipe may have a path; prompts and classes may be names as well. */
const pathsIn: readonly Path[] = [
  ...["model", "predictions"].flatMap((part) => [
    [part, "from"],
    [part, "path"],
  ]),
  ...["train", "eval"].map((part) => ["data", part, "path"]),
  ["data", "classes"],
  ["prompt", "user"],
  ["prompt", "system"],
];

/**
 * Reads a recipe and all that it starts from (`model: {from: …}`), paths made absolute, and what stands
 * under them.
 *
 * A path is relative to the file in which it stands, one of `--set` to the working folder. Overrides
 * change this recipe and not those below it.
 *
 * Errors: SggError RECIPE that lists every fault; also for recipes that start from each other, and
 * for a stage that makes no model, or no predictions
 */
export async function loadRun(
  path: string,
  options: LoadOptions = {},
  chain: readonly string[] = [],
): Promise<RunRecipe> {
  const file = resolve(path);
  const here = [...chain, file];
  const { recipe: read, tree } = await loadWithPlaces(file, recipeSchema, options);
  const recipe = pathsIn.reduce((one, at) => withAbsolute(one, at, tree), read);
  const part = recipe.stage === "eval" ? "predictions" : "model";
  const source = recipe.stage === "eval" ? recipe.predictions : recipe.model;
  const contents = await readContents(recipe);
  if (!("from" in source)) return { recipe, upstream: null, contents };
  const fault = (message: string) =>
    describeFaults(file, [
      { ...placeOf(tree, [part, "from"]), message: `${part}.from: ${message}` },
    ]);
  if (here.includes(source.from))
    throw fault(`starts from itself: ${[...here, source.from].join(" → ")}, expected an end`);
  const { set: _, ...others } = options;
  const upstream = await loadRun(source.from, others, here);
  const makers = recipe.stage === "eval" ? ["infer"] : ["sft", "grpo"];
  if (!makers.includes(upstream.recipe.stage))
    throw fault(`a recipe of stage ${upstream.recipe.stage}, expected ${makers.join(" or ")}`);
  return { recipe, upstream, contents };
}

/** The recipe with the path at one place made absolute, if there is one. */
function withAbsolute(recipe: Recipe, at: Path, tree: Tree): Recipe {
  const replace = (value: unknown, keys: Path): unknown => {
    const [key, ...more] = keys;
    if (key === undefined) return isPath(value, at) ? absolute(value, tree, at) : value;
    if (typeof value !== "object" || value === null || !(key in value)) return value;
    return { ...value, [key]: replace((value as Record<string, unknown>)[key], more) };
  };
  return replace(recipe, at) as Recipe;
}

/** `open` and `vg150` are names; what has a dot or a slash is a path. */
const isPath = (value: unknown, at: Path): value is string =>
  typeof value === "string" && (["from", "path"].includes(at.at(-1)!) || /[/\\.]/.test(value));

function absolute(value: string, tree: Tree, at: Path): string {
  const { file } = placeOf(tree, at);
  if (isAbsolute(value)) return value;
  return file.startsWith("--set ") ? resolve(value) : resolve(dirname(file), value);
}
