import type { RunRecipe } from "../recipe/load-run.ts";
import { type ModelSize, modelSize } from "./model-table.ts";

/** What is known of the model that a run starts from. */
export interface BaseModel {
  /** A family's name, null where nothing tells it. */
  readonly family: ModelSize["family"] | null;
  /** Undefined for a model that is not in the planner's table. */
  readonly size: ModelSize | undefined;
  readonly tiny: boolean;
}

/** The model at the bottom of a chain of recipes: training changes neither its family nor its size. */
export function baseModel({ recipe, upstream }: RunRecipe): BaseModel {
  if (upstream !== null) return baseModel(upstream);
  if (recipe.stage === "eval") return { family: null, size: undefined, tiny: false };
  const { model } = recipe;
  if ("tiny" in model) return { family: "qwen2-vl", size: undefined, tiny: true };
  if ("from" in model) throw new TypeError("a recipe with a model from another has an upstream");
  const id = model.like ?? ("id" in model ? model.id : undefined);
  const size = id === undefined ? undefined : modelSize(id);
  return { family: model.family ?? size?.family ?? null, size, tiny: false };
}
