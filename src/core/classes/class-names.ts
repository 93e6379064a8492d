/** The names that a data set knows, each list in its official order. */
export interface ClassNames {
  readonly objects: readonly string[];
  readonly predicates: readonly string[];
}

/**
 * Names out of a text in which commas part them; line ends are as good as spaces.
 *
 * @example
 * namesIn("traffic light, fire hydrant"); // ["traffic light", "fire hydrant"]
 */
export const namesIn = (text: string): readonly string[] => text.trim().split(/,\s+/);
