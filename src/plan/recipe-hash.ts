import { createHash } from "node:crypto";
import type { RunRecipe } from "../recipe/load-run.ts";

/** SHA-256 of a value's JSON; keys stand in the order of the schema, not of the file. */
export const hashOf = (value: unknown): string =>
  createHash("sha256").update(JSON.stringify(value)).digest("hex");

/**
 * What a recipe's result depends on, as a SHA-256: its values and what stands under its paths, not its
 * words, its time, nor where its numbers go.
 *
 * A recipe that it starts from counts by its own hash, wherever its file lies.
 */
export function recipeHash({ recipe, upstream, contents = {} }: RunRecipe): string {
  const { description: _, reproduces: __, resources: ___, ...values } = recipe;
  const decides = { ...values, ...(Object.keys(contents).length > 0 && { contents }) };
  if (upstream === null) return hashOf(decides);
  const from = recipeHash(upstream);
  if (decides.stage === "eval") return hashOf({ ...decides, predictions: { from } });
  return hashOf({ ...decides, model: { ...decides.model, from } });
}
