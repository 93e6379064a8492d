import { aligned } from "./aligned.ts";
import { bySection, type Grid, headText } from "./grid.ts";

/** A table for a terminal: columns aligned by blanks, sections on lines of their own. */
export function gridText({ labels, heads, rows, notes }: Grid): string {
  const [head, ...lines] = aligned(
    [[...labels, ...heads.map(headText)], ...rows.map((row) => [...row.labels, ...row.cells])],
    labels.length,
  );
  const parts = bySection(rows);
  let at = 0;
  const body = parts.flatMap(({ section, rows: part }) => {
    const own = lines.slice(at, at + part.length);
    at += part.length;
    return section === undefined ? own : ["", `${section}:`, ...own];
  });
  return [head, ...body, ...notes, ""].join("\n");
}
