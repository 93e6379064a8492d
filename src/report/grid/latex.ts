import { bySection, type Grid, type GridHead } from "./grid.ts";

/**
 * A table in LaTeX with the lines of booktabs, to be read by \input; it needs booktabs and amssymb.
 *
 * `caption` and the notes are texts: whatever they hold is escaped.
 */
export function gridLatex(grid: Grid, caption: string, label: string): string {
  const { labels, heads, rows, notes } = grid;
  const width = labels.length + heads.length;
  const body = bySection(rows).flatMap(({ section, rows: part }, i) => [
    ...(i > 0 ? ["\\midrule"] : []),
    ...(section === undefined
      ? []
      : [`\\multicolumn{${width}}{l}{\\emph{${escapeLatex(section)}}} \\\\`]),
    ...part.map((row) => line([...row.labels, ...row.cells])),
  ]);
  return [
    "% \\usepackage{booktabs,amssymb}",
    "\\begin{table}",
    "\\centering\\small",
    `\\begin{tabular}{${"l".repeat(labels.length)}${"r".repeat(heads.length)}}`,
    "\\toprule",
    ...groupLines(labels.length, heads),
    line([...labels, ...heads.map(({ text }) => text)]),
    "\\midrule",
    ...body,
    "\\bottomrule",
    "\\end{tabular}",
    `\\caption{${[caption, ...notes].map(escapeLatex).join(" ")}}`,
    `\\label{tab:${label.replaceAll(/[^A-Za-z0-9-]/g, "-")}}`,
    "\\end{table}",
    "",
  ].join("\n");
}

/** The line of groups above the heads, with a rule under each. */
function groupLines(from: number, heads: readonly GridHead[]): readonly string[] {
  if (heads.every(({ group }) => group === undefined)) return [];
  const groups: { text: string; first: number; last: number }[] = [];
  heads.forEach(({ group = "" }, i) => {
    const last = groups.at(-1);
    if (last && last.text === group) last.last = from + i + 1;
    else groups.push({ text: group, first: from + i + 1, last: from + i + 1 });
  });
  const cells = groups.map(
    ({ text, first, last }) => `\\multicolumn{${last - first + 1}}{c}{${escapeLatex(text)}}`,
  );
  const rules = groups.map(({ first, last }) => `\\cmidrule(lr){${first}-${last}}`);
  return [`${[...Array<string>(from).fill(""), ...cells].join(" & ")} \\\\`, rules.join(" ")];
}

/** A line of the table; a bracket at its start would be taken for an option of the line before. */
const line = (cells: readonly string[]): string =>
  `${cells.map(escapeLatex).join(" & ").replace(/^[[*]/, "{}$&")} \\\\`;

const commands: Readonly<Record<string, string>> = {
  "\\": "\\textbackslash{}",
  "~": "\\textasciitilde{}",
  "^": "\\textasciicircum{}",
  "<": "\\textless{}",
  ">": "\\textgreater{}",
  "|": "\\textbar{}",
  '"': "''",
  "–": "--",
  "−": "$-$",
  "±": "$\\pm$",
  "↓": "$\\downarrow$",
  "↑": "$\\uparrow$",
  "→": "$\\rightarrow$",
  "✓": "$\\checkmark$",
  "✗": "$\\times$",
  "·": "$\\cdot$",
  "×": "$\\times$",
  "≤": "$\\leq$",
  β: "$\\beta$",
  "…": "\\ldots{}",
};

/** A text as LaTeX sets it: its special characters made harmless, signs in mathematics. */
export const escapeLatex = (text: string): string =>
  text
    .replaceAll(/\s+/g, " ")
    .replaceAll(
      /[&%$#_{}]|[\\~^<>|"–−±↓↑→✓✗·×≤β…]/g,
      (character) => commands[character] ?? `\\${character}`,
    );
