/** A token as spaCy's tokenizer gives it. */
export interface Token {
  readonly orth: string;
  /** The norm that a special case gives it, in place of the word's own. */
  readonly norm: string | undefined;
  /** Whether a space follows it, which is then no token. */
  readonly spaceAfter: boolean;
}

/** Texts that are cut in a way of their own, and the tokens that they become. */
export type SpecialCases = ReadonlyMap<string, readonly Token[]>;

/** A token without anything special. */
export const plainToken = (orth: string): Token => ({ orth, norm: undefined, spaceAfter: false });

/** Tokens, at least one, with or without a space after the last. */
export const endingWith = (tokens: readonly Token[], spaceAfter: boolean): readonly Token[] =>
  tokens.with(-1, { ...tokens.at(-1)!, spaceAfter });
