import { bySection, type Grid, type GridHead, type GridRow } from "./grid.ts";

/** A table with more columns of figures than this stands sideways on its page. */
const mostUpright = 6;

/**
 * A table in LaTeX with the lines of booktabs, to be read by \input; it needs booktabs, amssymb, graphicx
 * and rotating.
 *
 * It is made smaller where it would be larger than the page; what stands in square brackets after a figure
 * goes below it. `caption` and the notes are texts: whatever they hold is escaped.
 */
export function gridLatex(grid: Grid, caption: string, label: string): string {
  const { labels, heads, rows, notes } = grid;
  const width = labels.length + heads.length;
  const isUpright = heads.length <= mostUpright;
  const [float, height] = isUpright ? ["table", ".8"] : ["sidewaystable", ".45"];
  const body = bySection(rows).flatMap(({ section, rows: part }, i) => [
    ...(i > 0 ? ["\\midrule"] : []),
    ...(section === undefined
      ? []
      : [`\\multicolumn{${width}}{l}{\\emph{${escapeLatex(section)}}} \\\\`]),
    ...part.flatMap((row, at) => {
      const begins = row.labels[0] !== "" && part[at - 1]?.labels[0] === "";
      return [...(begins ? ["\\addlinespace[1.5pt]"] : []), ...rowLines(row)];
    }),
  ]);
  return [
    "% \\usepackage{booktabs,amssymb,graphicx,rotating}",
    `\\begin{${float}}`,
    "\\centering\\scriptsize\\setlength{\\tabcolsep}{3.5pt}",
    `\\caption{${escapeLatex(caption)}}`,
    `\\label{tab:${label.replaceAll(/[^A-Za-z0-9-]/g, "-")}}\\smallskip`,
    `\\resizebox*{!}{\\ifdim\\totalheight>${height}\\textheight ${height}\\textheight\\else\\totalheight\\fi}{%`,
    "\\resizebox{\\ifdim\\width>\\linewidth\\linewidth\\else\\width\\fi}{!}{%",
    `\\begin{tabular}{${"l".repeat(labels.length)}${"r".repeat(heads.length)}}`,
    "\\toprule",
    ...groupLines(labels.length, heads),
    line([...labels, ...heads.map(({ text }) => text)]),
    "\\midrule",
    ...body,
    "\\bottomrule",
    "\\end{tabular}}}",
    ...(notes.length === 0
      ? []
      : [
          `\\par\\smallskip\\parbox{\\linewidth}{\\raggedright ${notes.map(escapeLatex).join(" ")}}`,
        ]),
    `\\end{${float}}`,
    "",
  ].join("\n");
}

/** A row in one line, or in two where a cell has something in square brackets after its figure. */
function rowLines({ labels, cells }: GridRow): readonly string[] {
  const parts = cells.map((cell) => /^(\S+(?: ± \S+)?)( .*\[.*)$/.exec(cell)?.slice(1) ?? [cell]);
  const first = line([...labels, ...parts.map(([figure]) => figure!)]);
  if (parts.every(([, below]) => below === undefined)) return [first];
  const below = parts.map(([, said = ""]) => said && `{\\tiny ${escapeLatex(said.trim())}}`);
  return [first, `${[...labels.map(() => ""), ...below].join(" & ")} \\\\`];
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
