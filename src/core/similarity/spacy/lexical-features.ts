import { spaces } from "./python-pattern.ts";
import { createStringId } from "./string-id.ts";
import type { Feature, SpacyTables } from "./tables.ts";
import type { Token } from "./token.ts";
import { wordShape } from "./word-shape.ts";

/** The id of each feature of a token. */
export type LexicalFeatures = (token: Token) => Readonly<Record<Feature, bigint>>;

const onlySpaces = new RegExp(`^[${spaces}]+$`);

/**
 * What the network looks at in a token: ids of strings, and 0 or 1.
 *
 * Source: spaCy 3.8.18 `lang/lex_attrs.py`; the order of norms is that of `vocab.pyx`
 */
export function createLexicalFeatures({
  symbols,
  lexeme_norms,
  base_norms,
}: Pick<SpacyTables, "symbols" | "lexeme_norms" | "base_norms">): LexicalFeatures {
  const idOf = createStringId(symbols);
  const lexemeNorms = new Map(Object.entries(lexeme_norms).map(([id, norm]) => [BigInt(id), norm]));
  const baseNorms = new Map(Object.entries(base_norms));
  const normOf = (orth: string): string =>
    lexemeNorms.get(idOf(orth)) ?? baseNorms.get(orth) ?? orth.toLowerCase();
  return ({ orth, norm, spaceAfter }) => {
    const characters = [...orth];
    return {
      NORM: idOf(norm ?? normOf(orth)),
      PREFIX: idOf(characters[0]!),
      SUFFIX: idOf(characters.slice(-3).join("")),
      SHAPE: idOf(wordShape(orth)),
      SPACY: spaceAfter ? 1n : 0n,
      IS_SPACE: onlySpaces.test(orth) ? 1n : 0n,
    };
  };
}
