/** What similarity knows of a text. */
export interface SpacyDoc {
  /** The tokens as they are written. */
  readonly words: readonly string[];
  /** The mean of the tokens' rows; zeros when there is no token. */
  readonly vector: Float32Array;
  /** The vector's length. */
  readonly norm: number;
}

/** A doc of its words and vector. */
export const spacyDoc = (words: readonly string[], vector: Float32Array): SpacyDoc => ({
  words,
  vector,
  norm: Math.sqrt(vector.reduce((sum, x) => sum + x * x, 0)),
});

/** Docs as they are stored: text, words, and the vector's 32-bit numbers in base64. */
export type StoredDocs = readonly (readonly [
  text: string,
  words: readonly string[],
  vector: string,
])[];

/**
 * Docs in the form of a file.
 *
 * Source: ours; numbers are in little endian, as on every machine that Node runs on
 */
export const storeDocs = (texts: readonly string[], read: (text: string) => SpacyDoc): StoredDocs =>
  texts.map((text) => {
    const { words, vector } = read(text);
    const bytes = Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength);
    return [text, words, bytes.toString("base64")];
  });

/** The docs of a file, by their texts. */
export const restoreDocs = (stored: StoredDocs): ReadonlyMap<string, SpacyDoc> =>
  new Map(
    stored.map(([text, words, vector]) => {
      const bytes = Uint8Array.from(Buffer.from(vector, "base64"));
      return [text, spacyDoc(words, new Float32Array(bytes.buffer))];
    }),
  );
