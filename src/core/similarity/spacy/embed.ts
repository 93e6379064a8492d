import { addTo } from "./add-to.ts";
import { hashRows } from "./hash-rows.ts";
import type { LexicalFeatures } from "./lexical-features.ts";
import { maxout, width } from "./maxout.ts";
import type { Tensors } from "./safetensors.ts";
import { features, type SpacyTables } from "./tables.ts";
import type { Token } from "./token.ts";

/** The row of a token on its own, without its neighbours. */
export type Embed = (token: Token) => Float32Array;

/**
 * Gives a token its row: for each feature the sum of four rows of a table, all mixed into one.
 *
 * Errors: RangeError when tables and tensors do not fit each other
 * Source: spaCy 3.8.18 `ml/models/tok2vec.py`, `MultiHashEmbed`; thinc 8.3.14 `HashEmbed`
 */
export function createEmbed(
  tensors: Tensors,
  { hash_embeddings }: Pick<SpacyTables, "hash_embeddings">,
  featuresOf: LexicalFeatures,
): Embed {
  const tables = features.map((feature, i) => {
    const { feature: found, seed = 0, rows = 0 } = hash_embeddings[i] ?? {};
    if (found !== feature) throw new RangeError(`embedding ${i} is ${found}, expected ${feature}`);
    return { feature, seed, rows, values: tensors.get(`embed.${feature}.E`, [rows, width]) };
  });
  const size = tables.length * width;
  const mix = maxout(tensors, "embed.0", size);
  return (token) => {
    const ids = featuresOf(token);
    const input = new Float32Array(size);
    for (const [i, { feature, seed, rows, values }] of tables.entries()) {
      const part = input.subarray(i * width, (i + 1) * width);
      for (const row of hashRows(ids[feature], seed, rows)) addTo(part, values, row * width);
    }
    return mix(input, 1, { from: 0, to: size });
  };
}
