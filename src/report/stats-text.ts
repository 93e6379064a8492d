import type { DatasetStats, NameCounts } from "../core/statistics/dataset-stats.ts";
import type { Summary } from "../core/statistics/summary.ts";

/** The figures of a dataset for a terminal. */
export function statsText(stats: DatasetStats): string {
  const { tokens, exceeding } = stats;
  const lines = [
    columns(["an image has", "mean", "least", "median", "95 %", "most", "in all"]),
    ...[
      ["objects", stats.objects],
      ["relations", stats.relations],
      ["pixels across", stats.widths, false],
      ["pixels down", stats.heights, false],
      ["image tokens", tokens.image],
      ["prompt tokens", tokens.prompt],
      ["answer tokens", tokens.answer],
      ["tokens in all", tokens.all],
    ].flatMap(([name, summary, added]) =>
      summary === undefined ? [] : [row(name as string, summary as Summary, added !== false)],
    ),
    "",
    tail("objects", stats.names),
    tail("predicates", stats.predicates),
    ...(exceeding.length > 0 ? [""] : []),
    ...exceeding.map(({ limit, most, ids }) => `over ${limit} ${most}: ${rowsText(ids)}`),
  ];
  return `${lines.join("\n")}\n`;
}

const shownIds = 10;

function rowsText(ids: readonly string[]): string {
  if (ids.length === 0) return "none";
  const more = ids.length > shownIds ? `, and ${ids.length - shownIds} more` : "";
  return `${ids.length} rows (${ids.slice(0, shownIds).join(", ")}${more})`;
}

/** The long tail in a sentence: `objects: 150 names, 12 of them half of all 700 and …`. */
export function tail(what: string, { names, total, half, ninety }: NameCounts): string {
  if (names.length === 0) return `${what}: none`;
  const said = ({ name, count }: NameCounts["names"][number]) => `${name} ${count}`;
  const most = names.slice(0, 5).map(said).join(", ");
  const least = names.slice(-3).map(said).join(", ");
  const rest = names.length > 8 ? ` … ${least}` : "";
  return `${what}: ${names.length} names, ${half} of them half of all ${total}, ${ninety} nine tenths; ${most}${rest}`;
}

const row = (name: string, { mean, least, median, p95, most, total }: Summary, added: boolean) =>
  columns([
    name,
    mean.toFixed(1),
    ...[least, median, p95, most].map(String),
    added ? `${total}` : "",
  ]);

const columns = ([name = "", ...cells]: readonly string[]): string =>
  `${name.padEnd(14)}${cells.map((cell) => cell.padStart(10)).join("")}`.trimEnd();
