import { recent } from "../../recent.ts";
import { addTo } from "./add-to.ts";
import { createEmbed } from "./embed.ts";
import { createEncode } from "./encode.ts";
import { createLexicalFeatures } from "./lexical-features.ts";
import { width } from "./maxout.ts";
import { readTensors } from "./safetensors.ts";
import { type SpacyDoc, spacyDoc } from "./spacy-doc.ts";
import type { SpacyTables } from "./tables.ts";
import type { Token } from "./token.ts";
import { createTokenizer } from "./tokenizer.ts";

/** Reads a text, as `nlp(text)` does. */
export type SpacyModel = (text: string) => SpacyDoc;

/** Tokens of which the rows are kept; a long one counts for several. */
const rowCapacity = 8192;

/**
 * The tok2vec component of spaCy's en_core_web_sm, on which alone its `Doc.similarity` rests.
 *
 * It keeps the rows of some thousand tokens and nothing else. Time goes with the length of a text,
 * and with its square where no space parts it: whoever takes texts from strangers limits them.
 *
 * @param weights tok2vec.safetensors, which is read in place
 *
 * Errors: RangeError when weights and tables do not fit each other; none in reading
 * Source: spaCy 3.8.18, thinc 8.3.14, en_core_web_sm 3.8.0. Where spaCy raises we do not: a lone
 *   surrogate is read as U+FFFD, and a text may have more than a million characters. Letters that
 *   came after Unicode 14 are letters here as soon as JavaScript knows them
 */
export function spacyModel(weights: Uint8Array, tables: SpacyTables): SpacyModel {
  const tensors = readTensors(weights);
  const tokenize = createTokenizer(tables);
  const embed = createEmbed(tensors, tables, createLexicalFeatures(tables));
  const encode = createEncode(tensors);
  const rows = recent<Float32Array>(rowCapacity, ({ length }) => 1 + length / 64);
  const rowOf = (token: Token): Float32Array => {
    const key = JSON.stringify([token.orth, token.norm, token.spaceAfter]);
    return rows.get(key) ?? rows.set(key, embed(token));
  };
  return (text) => {
    const tokens = tokenize(text);
    return spacyDoc(
      tokens.map(({ orth }) => orth),
      mean(encode(tokens.map(rowOf))),
    );
  };
}

/** The mean of rows that lie one behind the other; zeros of none. */
function mean(rows: Float32Array): Float32Array {
  const sum = new Float32Array(width);
  for (let at = 0; at < rows.length; at += width) addTo(sum, rows, at);
  return sum.map((x) => x / Math.max(1, rows.length / width));
}
