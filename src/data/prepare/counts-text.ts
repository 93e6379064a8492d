import { type Prepared, type PreparedSplit, rowCount } from "./prepared.ts";

/**
 * What a preparation came to, for people: the count after every filter, beside the paper's.
 *
 * @example
 * // train.jsonl: 56,224 rows (paper: 56,224)
 * //       75,651 images  405,860 relations  in split 0 of the file (published: 75,651)
 */
export const countsText = ({ splits, notes }: Prepared): string =>
  [...splits.flatMap(splitLines), ...notes].map((line) => `${line}\n`).join("");

function splitLines(split: PreparedSplit): readonly string[] {
  const { name, counts, paper } = split;
  const rows = rowCount(split);
  const known = paper === undefined ? "" : ` (paper: ${grouped(paper)})`;
  const lines = counts.map(({ kept, images, relations, published }) => {
    const beside = published === undefined ? "" : ` (published: ${grouped(published)} images)`;
    return `${grouped(images).padStart(9)} images ${grouped(relations).padStart(9)} relations  ${kept}${beside}`;
  });
  const what =
    rows === 0 ? ": no row, no file" : `.jsonl: ${grouped(rows)} ${rows === 1 ? "row" : "rows"}`;
  return [`${name}${what}${known}`, ...lines];
}

const grouped = (count: number): string => count.toLocaleString("en-US");
