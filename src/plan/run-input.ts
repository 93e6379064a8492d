import type { RecipeOf } from "../recipe/recipe.ts";
import type { DataSource } from "../recipe/sources.ts";

/**
 * Something from outside the run: linked into the run folder, or made there by the start.
 *
 * `run` is the file of another run, told by the hash of its recipe; `rows` what trainers or
 * the client read, with prompts, made of a data set.
 */
export type RunInput =
  | { readonly kind: "model"; readonly id: string; readonly revision: string | null }
  | { readonly kind: "path"; readonly path: string }
  | {
      readonly kind: "run";
      readonly name: string;
      readonly recipeHash: string;
      readonly file: string;
    }
  | { readonly kind: "tiny-model"; readonly config: string }
  | {
      /** Multiple-choice questions, made of the rows that another input brings. */
      readonly kind: "questions";
      readonly rows: string;
      readonly classes: string;
      readonly seed: number;
      readonly limit: number | null;
      /** Writes prompts and masked images too, for programs that read files. */
      readonly images: boolean;
    }
  | {
      readonly kind: "rows";
      readonly format: "sft" | "grpo" | "rows";
      readonly from: DataSource;
      readonly prompt: PromptChoice | null;
      readonly classes: string | null;
      readonly seed: number;
    };

/** Which prompts rows are asked with. */
export type PromptChoice = RecipeOf<"sft">["prompt"];
