import { unservedFamily } from "../core/models/families.ts";
import type { RunRecipe } from "../recipe/load-run.ts";
import { baseModel } from "./base-model.ts";
import { recipeHash } from "./recipe-hash.ts";
import { isFile } from "./roles/clients.ts";
import { at } from "./roles/context.ts";
import type { RunInput } from "./run-input.ts";

type Inputs = Readonly<Record<string, RunInput>>;

/** What the start brings into the run folder, by where it stands there. */
export function toInputs(run: RunRecipe): Inputs {
  const { recipe } = run;
  const { seed, data } = recipe;
  const classes = data.classes ?? null;
  const kind = "rows";
  const rows = { kind, prompt: null, classes: null, seed } as const;
  const listed: Inputs =
    classes !== null && isFile(classes) ? { [at.classes]: { kind: "path", path: classes } } : {};
  if (recipe.stage === "eval")
    return {
      [at.predictions]: predictions(run),
      [at.rows]: { ...rows, format: "rows", from: recipe.data.eval },
      ...(data.train && { [at.train]: { ...rows, format: "rows", from: data.train } }),
      ...listed,
    };
  const started: Inputs = { [at.model]: model(run), ...listed };
  if (recipe.stage === "sft" || recipe.stage === "grpo") {
    const { stage: format, prompt } = recipe;
    return {
      ...started,
      [at.train]: { kind, format, from: recipe.data.train, prompt, classes, seed },
    };
  }
  const asked: Inputs = {
    ...started,
    [at.rows]: { ...rows, format: "rows", from: recipe.data.eval },
  };
  if (recipe.stage === "vqa") return { ...asked, [at.questions]: questions(run) };
  const { model: source, prompt } = recipe;
  const { user, system } = prompt;
  return {
    ...asked,
    // A tiny model is made of the words that its training has, so that it is the very model that is trained.
    ...("tiny" in source &&
      data.train && {
        [at.train]: { kind, format: "sft", from: data.train, prompt, classes, seed },
      }),
    ...(isFile(user) && { [at.user]: { kind: "path", path: user } as const }),
    ...(isFile(system) && { [at.system]: { kind: "path", path: system } as const }),
  };
}

function questions(run: RunRecipe): RunInput {
  const { recipe } = run;
  if (recipe.stage !== "vqa") throw new TypeError("only vqa asks questions");
  const { classes = "vg150" } = recipe.data;
  return {
    ...{ kind: "questions", rows: at.rows, classes, seed: recipe.seed },
    limit: recipe.vqa.limit ?? null,
    images: baseModel(run).family === unservedFamily,
  };
}

function model({ recipe, upstream }: RunRecipe): RunInput {
  if (recipe.stage === "eval") throw new TypeError("an evaluation has no model");
  const { model: source } = recipe;
  if ("from" in source) {
    if (upstream === null)
      throw new TypeError("a recipe with a model from another has an upstream");
    const file = source.checkpoint === undefined ? "final" : `model-${source.checkpoint}`;
    return made(upstream, `checkpoints/${file}`);
  }
  if ("id" in source) return { kind: "model", id: source.id, revision: source.revision ?? null };
  if ("path" in source) return { kind: "path", path: source.path };
  return { kind: "tiny-model", config: "artifacts/model.json" };
}

function predictions({ recipe, upstream }: RunRecipe): RunInput {
  if (upstream !== null) return made(upstream, "predictions.jsonl");
  if (recipe.stage !== "eval" || !("path" in recipe.predictions))
    throw new TypeError("predictions come from a recipe or a path");
  return { kind: "path", path: recipe.predictions.path };
}

const made = (upstream: RunRecipe, file: string): RunInput => ({
  kind: "run",
  name: upstream.recipe.name,
  recipeHash: recipeHash(upstream),
  file,
});
