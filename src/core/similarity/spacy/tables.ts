/**
 * What the network looks at in a token, in the order in which it takes them.
 *
 * Source: en_core_web_sm 3.8.0, `MultiHashEmbed` of its tok2vec component
 */
export const features = ["NORM", "PREFIX", "SUFFIX", "SHAPE", "SPACY", "IS_SPACE"] as const;

/** One of the network's features. */
export type Feature = (typeof features)[number];

/**
 * The tables of spaCy's English tokenizer and vocabulary, as tokenizer.json holds them.
 *
 * Source: spaCy 3.8.18 with en_core_web_sm 3.8.0, written by export.py beside the model
 */
export interface SpacyTables {
  /** Texts that are cut in a way of their own: the tokens, some with a norm. */
  readonly special_cases: Readonly<
    Record<string, readonly (readonly [orth: string, norm: string | null])[]>
  >;
  /** Python's regular expressions, none with flags. */
  readonly patterns: Readonly<Record<"prefix" | "suffix" | "infix" | "url", string>>;
  /** Norms by the 64-bit id of a word, in decimal. */
  readonly lexeme_norms: Readonly<Record<string, string>>;
  /** Norms by the word, for what `lexeme_norms` does not have. */
  readonly base_norms: Readonly<Record<string, string>>;
  /** Strings that spaCy numbers by hand instead of hashing them. */
  readonly symbols: Readonly<Record<string, number>>;
  readonly hash_embeddings: readonly {
    readonly feature: string;
    readonly seed: number;
    readonly rows: number;
  }[];
}
