/**
 * The known name that a misspelt one is nearest to, if one is near enough to be meant.
 *
 * Range: at most half of the name's letters may be wrong; of equally near ones the first
 *
 * @example
 * nearest("learnin_rate", ["seed", "learning_rate"]); // "learning_rate"
 */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const distances = known.map((candidate) => distance(name, candidate));
  const least = Math.min(...distances);
  return least <= name.length / 2 ? known[distances.indexOf(least)] : undefined;
}

/** Letters to insert, delete or replace. Source: Levenshtein 1966, by rows as Wagner and Fischer. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1]! + (b[j - 1] === letter ? 0 : 1);
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
