import { bySection, type Grid, headText } from "./grid.ts";

/** A table in Markdown; a section is a row of its own. */
export function gridMarkdown({ labels, heads, rows, notes }: Grid): string {
  const width = labels.length + heads.length;
  const rule = `|${" --- |".repeat(labels.length)}${" ---: |".repeat(heads.length)}`;
  const body = bySection(rows).flatMap(({ section, rows: part }) => [
    ...(section === undefined
      ? []
      : [line([`**${escapeCell(section)}**`, ...Array<string>(width - 1).fill("")])]),
    ...part.map((row) => line([...row.labels, ...row.cells].map(escapeCell))),
  ]);
  const head = line([...labels, ...heads.map(headText)].map(escapeCell));
  const below =
    notes.length > 0 ? ["", ...notes.flatMap((note, i) => (i > 0 ? ["", note] : [note]))] : [];
  return [head, rule, ...body, ...below, ""].join("\n");
}

const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;

/** A text that stays in its cell. */
const escapeCell = (text: string): string =>
  text.replaceAll(/[\\|]/g, "\\$&").replaceAll(/\s*\n\s*/g, " ");
