import type { DatasetStats, NameCounts } from "../core/statistics/dataset-stats.ts";
import type { Summary } from "../core/statistics/summary.ts";
import { escapeHtml } from "./escape.ts";
import { pageHtml } from "./page.ts";
import { imageArticle, type SceneImage } from "./scene-figure.ts";

/** What a page about a dataset shows; texts are plain, only `plots` is markup of our own making. */
export interface DataPage {
  readonly title: string;
  readonly facts: readonly { readonly name: string; readonly value: string }[];
  readonly stats: DatasetStats;
  /** SVGs. */
  readonly plots: readonly string[];
  readonly images: readonly SceneImage[];
}

/**
 * The figures of a dataset, and some of its images with their boxes, as one HTML file that asks for
 * nothing else.
 *
 * All texts are escaped, and the page's policy allows its own script by its hash and no other.
 *
 * Errors: TypeError when a thumbnail is no data URL.
 */
export function dataPageHtml({ title, facts, stats, plots, images }: DataPage): string {
  return pageHtml({
    title,
    style: ownStyle,
    main: [
      `<div class="card"><dl class="facts">${facts.map(({ name, value }) => `<div><dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd></div>`).join("")}</dl></div>`,
      figures(stats),
      limits(stats),
      "<h2>Spread</h2>",
      `<div class="card curves">${plots.map((svg) => `<div>${svg}</div>`).join("\n")}</div>`,
      "<h2>Names</h2>",
      `<div class="pair">${nameList("Objects", stats.names)}${nameList("Predicates", stats.predicates)}</div>`,
      browsable(images),
    ],
  });
}

/** The truth stands alone here: two images side by side where there is room. */
const ownStyle = `
.gallery { display: grid; gap: 16px; grid-template-columns: repeat(auto-fill, minmax(min(100%, 520px), 1fr)); align-items: start; }
.gallery article.image { margin: 0; }
.gallery .panels { grid-template-columns: 1fr; }
ol.names { margin: 0; padding: 0; list-style: none; max-height: 420px; overflow: auto; font-size: 14px; }
ol.names li { display: grid; grid-template-columns: minmax(90px, 34%) 1fr 70px; gap: 10px; align-items: center; }
ol.names .bar { display: block; background: var(--accent); border-radius: 3px; height: 10px; min-width: 1px; }
ol.names .count { text-align: right; font-variant-numeric: tabular-nums; color: var(--quiet); }
`;

function figures({ objects, relations, widths, heights, tokens }: DatasetStats): string {
  const heads = ["mean", "least", "median", "95 %", "most", "in all"];
  const rows: readonly (readonly [string, Summary | undefined, boolean])[] = [
    ["Objects", objects, true],
    ["Relations", relations, true],
    ["Pixels across", widths, false],
    ["Pixels down", heights, false],
    ["Tokens of the image", tokens.image, true],
    ["Tokens of the prompt", tokens.prompt, true],
    ["Tokens of the answer", tokens.answer, true],
    ["Tokens in all", tokens.all, true],
  ];
  const body = rows.flatMap(([name, summary, added]) => {
    if (summary === undefined) return [];
    const { mean, least, median, p95, most, total } = summary;
    const cells = [mean.toFixed(1), least, median, p95, most, added ? total : ""];
    return `<tr><th scope="row">${name}</th>${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>`;
  });
  return `<h2>An image has</h2>
<div class="card"><div class="wide"><table><thead><tr><th scope="col"></th>${heads.map((head) => `<th scope="col">${head}</th>`).join("")}</tr></thead><tbody>${body.join("")}</tbody></table></div></div>`;
}

const shownIds = 40;

function limits({ exceeding, rows }: DatasetStats): string {
  if (exceeding.length === 0) return "";
  const items = exceeding.map(({ limit, most, ids }) => {
    const more = ids.length > shownIds ? `, and ${ids.length - shownIds} more` : "";
    const which = ids.length === 0 ? "" : `${ids.slice(0, shownIds).join(", ")}${more}`;
    const badge = `<span class="badge ${ids.length === 0 ? "good" : "bad"}">${ids.length} of ${rows}</span>`;
    return `<li>${badge}<strong>over ${limit} ${most}</strong> <span class="quiet">${escapeHtml(which)}</span></li>`;
  });
  return `<h2>Token budget</h2>
<div class="card"><ul class="checks">${items.join("")}</ul></div>`;
}

function nameList(title: string, { names, total, half, ninety }: NameCounts): string {
  const most = names[0]?.count ?? 1;
  const items = names.map(
    ({ name, count }) =>
      `<li><span>${escapeHtml(name)}</span><span><span class="bar" style="width:${((100 * count) / most).toFixed(2)}%"></span></span><span class="count">${count}</span></li>`,
  );
  return `<div class="card"><h3>${title}</h3><p class="quiet">${names.length} names, ${total} in all; ${half} are half of them, ${ninety} nine tenths</p><ol class="names">${items.join("")}</ol></div>`;
}

function browsable(images: readonly SceneImage[]): string {
  if (images.length === 0) return "";
  const tick = (id: string, name: string) =>
    `<label><input type="checkbox" id="${id}" checked>${name}</label>`;
  const layers = [
    tick("show-boxes", "boxes"),
    tick("show-names", "names"),
    tick("show-relations", "relations"),
  ];
  return `<h2>Images</h2>
<p class="quiet">${images.length} of them, drawn at random. Point at a box or a relation, or tab to one, to see it alone.</p>
<div class="tools"><div class="group"><span>Draw</span>${layers.join("")}</div></div>
<div class="gallery">${images.map(imageArticle).join("\n")}</div>`;
}
