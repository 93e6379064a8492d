/** Two decimals with their sign; what rounds to nothing has none. */
export const signed = (value: number): string => {
  const text = value.toFixed(2);
  return /^-?0\.00$/.test(text) ? "0.00" : text.startsWith("-") ? text : `+${text}`;
};

/** ` [A]`, where there are several software stacks. */
export const stackMark = (stack: string | null, stacks: readonly string[]): string =>
  stack === null || stacks.length < 2 ? "" : ` [${letter(stacks.indexOf(stack))}]`;

/** The stacks of a table in words, for under it. */
export const stackNotes = (stacks: readonly string[]): readonly string[] =>
  stacks.map((stack) => `Stack${stackMark(stack, stacks)}: ${stack}.`);

const letter = (i: number): string =>
  String.fromCodePoint(65 + (i % 26)) + (i >= 26 ? String(Math.floor(i / 26)) : "");
