import { refine } from "../graph/names.ts";
import type { Similarity } from "../similarity/similarity.ts";

/** A predicate as a class, and whether subject and object change places under it. */
export interface ReadPredicate {
  readonly name: string;
  readonly swapped: boolean;
}

/** How the names of a scene graph are read as classes; undefined where a name means none. */
export interface Reader {
  /** Reads an object's name, which is its id up to the first dot. */
  readonly object: (name: string) => string | undefined;
  readonly predicate: (name: string) => ReadPredicate | undefined;
}

/** Reads one name as a class, or as none. */
export type ReadName = (name: string) => string | undefined;

/**
 * A reader made of one function for each kind of name, which is asked once about each name.
 *
 * Errors: those of the functions.
 */
export function toReader(
  object: ReadName,
  predicate: (name: string) => ReadPredicate | undefined,
): Reader {
  return { object: remembered(object), predicate: remembered(predicate) };
}

/**
 * Takes a name for the class that it equals once refined.
 *
 * Errors: none.
 */
export function exactName(classes: readonly string[]): ReadName {
  const names = new Map(classes.map((name) => [refine(name), refine(name)]));
  return (name) => names.get(refine(name));
}

/**
 * Takes a name for the class that it equals, else for the most similar class, if that is similar enough.
 *
 * This is how an open vocabulary is judged by a closed one: an answer may say "sofa" where the list
 * has "couch". Of equally similar classes the first of the list is taken.
 *
 * Unit:   `threshold` in that of `similarity`, 1 for the same
 * Errors: those of `similarity`; a similarity of NaN is never enough
 */
export function similarName(
  classes: readonly string[],
  similarity: Similarity,
  threshold: number,
): ReadName {
  const exact = exactName(classes);
  const names = [...new Set(classes.map(refine))];
  return (name) => {
    const same = exact(name);
    if (same !== undefined) return same;
    let best = threshold;
    let found: string | undefined;
    for (const one of names) {
      const value = similarity(refine(name), one);
      if (!(found === undefined ? value >= best : value > best)) continue;
      best = value;
      found = one;
    }
    return found;
  };
}

/** A predicate under which subject and object stay where they are. */
export const unswapped =
  (read: ReadName) =>
  (said: string): ReadPredicate | undefined => {
    const name = read(said);
    return name === undefined ? undefined : { name, swapped: false };
  };

/** The same function with a memory: names are few, and objects many. */
function remembered<T>(read: (name: string) => T): (name: string) => T {
  const known = new Map<string, T>();
  return (name) => {
    const old = known.get(name);
    if (old !== undefined || known.has(name)) return old as T;
    const value = read(name);
    known.set(name, value);
    return value;
  };
}
