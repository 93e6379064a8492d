import { z } from "zod";
import { modelFamilies, unservedFamily } from "../core/models/families.ts";
import { byKey, count, natural, positive, section, text } from "./section.ts";

const family = z.enum([...modelFamilies.map(({ name }) => name), unservedFamily]);

const revision = z
  .string()
  .regex(
    /^[0-9a-f]{40}$/,
    "expected a commit of 40 hex digits, so that the plan says what was used",
  );

/**
 * A model: of the Hub, a folder, what another recipe makes, or a tiny random one.
 *
 * `from` is the path of a recipe, relative to the file it stands in; `checkpoint` the step of one of
 * its kept models instead of its last one. Without a revision the newest is taken, and the plan warns.
 * Sizes of a model outside the planner's table are given by `like`, the id of one inside.
 */
export const modelSource = byKey({
  id: section({
    id: text,
    revision: revision.optional(),
    family: family.optional(),
    like: text.optional(),
  }),
  path: section({ path: text, family: family.optional(), like: text.optional() }),
  from: section({ from: text, checkpoint: count.optional() }),
  tiny: section({
    tiny: section({
      layers: count,
      hidden_size: count,
      intermediate_size: count,
      heads: count,
      key_value_heads: count,
      vision_layers: count.optional(),
      vision_size: count.optional(),
      vision_heads: count.optional(),
      numbers: z.enum(["digits", "whole"]).optional(),
      rope_theta: positive.optional(),
    }),
  }),
});

/** What a recipe says of its model. */
export type ModelSource = z.infer<typeof modelSource>;

/** From nothing to all. */
const proportion = z.number().min(0).max(1);

/**
 * Rows: of the Hub, a file or folder, or drawn scenes.
 *
 * `rows` is how many there are, from which epochs become steps; the start checks it. `first` takes
 * only so many, from `skip` on. What `synth` has beside count and seed is the scenes' style.
 */
export const dataSource = byKey({
  id: section({
    id: text,
    revision: revision.optional(),
    rows: count.optional(),
    skip: natural.optional(),
    first: count.optional(),
  }),
  path: section({
    path: text,
    rows: count.optional(),
    skip: natural.optional(),
    first: count.optional(),
  }),
  synth: section({
    synth: section({
      count,
      seed: natural,
      size: count.optional(),
      grid: count.optional(),
      scale: positive.optional(),
      plain: z.boolean().optional(),
      light: proportion.optional(),
      hatch: positive.optional(),
      alone: proportion.optional(),
      clutter: proportion.optional(),
      clutter_mean: positive.optional(),
      clutter_shown: count.optional(),
      questions: z.boolean().optional(),
      same_picture: count.optional(),
    }),
  }),
});

/** What a recipe says of one set of rows. */
export type DataSource = z.infer<typeof dataSource>;

/** Where predictions come from: what an inference recipe makes, or a file. */
export const predictionsSource = byKey({
  from: section({ from: text }),
  path: section({ path: text }),
});

/** What an evaluation says of its predictions. */
export type PredictionsSource = z.infer<typeof predictionsSource>;
