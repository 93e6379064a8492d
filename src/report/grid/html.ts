import { escapeHtml } from "../escape.ts";
import { bySection, type Grid, type GridHead } from "./grid.ts";

/** The look of such tables, for the head of a page. */
export const gridStyle = `
table.grid th, table.grid td { padding: 5px 10px; font-size: 14px; }
table.grid .label { text-align: left; }
table.grid tbody .label { font-weight: 400; }
table.grid tbody .label:first-child { font-weight: 600; min-width: 150px; }
table.grid [scope="colgroup"] { text-align: center; }
table.grid [scope="rowgroup"] { color: var(--quiet); font-weight: 600; padding-top: 14px; }
`;

/** A table as HTML, in a card that scrolls by itself where the page is narrow. */
export function gridHtml({ labels, heads, rows, notes }: Grid): string {
  const width = labels.length + heads.length;
  const body = bySection(rows).map(({ section, rows: part }) => {
    const title =
      section === undefined
        ? ""
        : `<tr><th scope="rowgroup" colspan="${width}">${escapeHtml(section)}</th></tr>`;
    const lines = part.map(
      (row) => `<tr>${row.labels.map(label).join("")}${row.cells.map(cell).join("")}</tr>`,
    );
    return `<tbody>${title}${lines.join("\n")}</tbody>`;
  });
  const head = [...labels.map(labelHead), ...heads.map(({ text }) => column(text))];
  const below = notes.map((note) => `<p class="quiet">${escapeHtml(note)}</p>`);
  return `<div class="card"><div class="wide" tabindex="0"><table class="grid"><thead>${groups(labels.length, heads)}<tr>${head.join("")}</tr></thead>${body.join("\n")}</table></div>
${below.join("\n")}</div>`;
}

/** The line of groups above the heads. */
function groups(labels: number, heads: readonly GridHead[]): string {
  if (heads.every(({ group }) => group === undefined)) return "";
  const runs: { text: string; span: number }[] = [];
  for (const { group = "" } of heads) {
    const last = runs.at(-1);
    if (last?.text === group) last.span++;
    else runs.push({ text: group, span: 1 });
  }
  const cells = runs.map(
    ({ text, span }) => `<th scope="colgroup" colspan="${span}">${escapeHtml(text)}</th>`,
  );
  return `<tr><td colspan="${labels}"></td>${cells.join("")}</tr>`;
}

const column = (text: string): string => `<th scope="col">${escapeHtml(text)}</th>`;
const labelHead = (text: string): string =>
  `<th scope="col" class="label">${escapeHtml(text)}</th>`;
const label = (text: string): string => `<th scope="row" class="label">${escapeHtml(text)}</th>`;
const cell = (text: string): string => `<td>${escapeHtml(text)}</td>`;
