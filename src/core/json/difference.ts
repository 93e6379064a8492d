/** A value at which two values differ: where, and both as text. */
export interface Difference {
  readonly at: string;
  readonly before: string;
  readonly now: string;
}

/**
 * The first place at which two plain values differ.
 *
 * Shape:  objects and lists of numbers, texts, booleans and null; `at` joins their keys by dots
 * Range:  undefined when nothing differs; a value that one of them lacks reads "undefined"
 *
 * @example
 * firstDifference({ a: 1, b: { c: "x" } }, { a: 1, b: { c: "y" } });
 * // { at: "b.c", before: "x", now: "y" }
 */
export function firstDifference(before: object, now: object): Difference | undefined {
  const [first, second] = [flatten(before), flatten(now)];
  const at = Object.keys({ ...second, ...first }).find((key) => first[key] !== second[key]);
  return at === undefined ? undefined : { at, before: `${first[at]}`, now: `${second[at]}` };
}

const flatten = (value: object, prefix = ""): Record<string, string> =>
  Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]: [string, unknown]) =>
      inner !== null && typeof inner === "object"
        ? Object.entries(flatten(inner, `${prefix}${key}.`))
        : [[`${prefix}${key}`, String(inner)]],
    ),
  );
