import { escapeHtml } from "./escape.ts";
import type { Gallery } from "./gallery/gallery.ts";
import { galleryScript, galleryScriptHash } from "./gallery/script.ts";
import { gallerySection } from "./gallery/section.ts";
import { galleryStyle } from "./gallery/style.ts";
import { pageHtml } from "./page.ts";
import { type MetricsRow, toTable } from "./table.ts";

/** Everything that a report shows; texts are plain, only `curves` is markup of our own making. */
export interface Report {
  readonly title: string;
  /** One sentence under the title. */
  readonly summary?: string;
  /** What was run: model, device, seed, versions … */
  readonly facts: readonly { readonly name: string; readonly value: string }[];
  /** What the run proved about itself, for example the integrity of its weight syncs. */
  readonly checks: readonly {
    readonly name: string;
    readonly passed: boolean;
    readonly detail: string;
  }[];
  readonly stages: readonly { readonly name: string; readonly seconds: number }[];
  readonly rows: readonly MetricsRow[];
  /** SVGs from `curvePanels`. */
  readonly curves: readonly string[];
  /** Images with the answers of all methods; null where there are none to be seen. */
  readonly gallery: Gallery | null;
}

/**
 * The report of a run as one HTML file that asks for nothing else.
 *
 * All texts are escaped, and the page's policy allows its own scripts by their hash and no other:
 * answers of a model are hostile input.
 *
 * Errors: TypeError when a thumbnail is no data URL.
 */
export function reportHtml(report: Report): string {
  return pageHtml({
    title: report.title,
    summary: report.summary,
    style: galleryStyle,
    script: { text: galleryScript, hash: galleryScriptHash },
    main: [
      results(report.rows),
      run(report),
      curves(report.curves),
      report.gallery === null ? "" : gallerySection(report.gallery, 0),
    ],
    footer: judged,
  });
}

const judged =
  "<p>Strict evaluation (SGDET): every image counts, a missing or unreadable answer finds nothing, triplets in the order of the answer with one predicate for each ordered pair, IoU of at least 0.5 for both boxes. Figures in percent.</p>";

function results(rows: readonly MetricsRow[]): string {
  if (rows.length === 0) return "";
  const table = toTable(rows);
  const heads = ["Method", ...table.heads].map(
    (head) => `<th scope="col">${escapeHtml(head)}</th>`,
  );
  const body = table.rows.map(({ method, cells }) => {
    const data = cells.map(({ value, delta, better }) => {
      const kind = better === undefined ? "" : ` class="${better ? "good" : "bad"}"`;
      return `<td>${value}${delta === undefined ? "" : `<small${kind}>${delta}</small>`}</td>`;
    });
    return `<tr><th scope="row">${escapeHtml(method)}</th>${data.join("")}</tr>`;
  });
  const note = table.note.replace("In brackets", "Below each figure");
  return `<h2>Results</h2>
<div class="card"><div class="wide"><table><thead><tr>${heads.join("")}</tr></thead><tbody>${body.join("")}</tbody></table></div>
${note && `<p class="quiet">${escapeHtml(note)}</p>`}</div>`;
}

function run({ facts, checks, stages }: Report): string {
  const longest = Math.max(...stages.map(({ seconds }) => seconds), Number.MIN_VALUE);
  const factList = facts.map(
    ({ name, value }) => `<div><dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd></div>`,
  );
  const checkList = checks.map(
    ({ name, passed, detail }) =>
      `<li><span class="badge ${passed ? "good" : "bad"}">${passed ? "✓ passed" : "✗ failed"}</span><strong>${escapeHtml(name)}</strong> <span class="quiet">${escapeHtml(detail)}</span></li>`,
  );
  const stageList = stages.map(
    ({ name, seconds }) =>
      `<li><span>${escapeHtml(name)}</span><span class="track"><span class="bar" style="width:${((100 * seconds) / longest).toFixed(1)}%"></span></span><span class="time">${duration(seconds)}</span></li>`,
  );
  return `<h2>The run</h2>
<div class="card"><dl class="facts">${factList.join("")}</dl></div>
<div class="pair">
${checks.length > 0 ? `<div class="card"><h3>Checks</h3><ul class="checks">${checkList.join("")}</ul></div>` : ""}
${stages.length > 0 ? `<div class="card"><h3>Stages</h3><ol class="stages">${stageList.join("")}</ol></div>` : ""}
</div>`;
}

const curves = (panels: readonly string[]): string =>
  panels.length === 0
    ? ""
    : `<h2>Training</h2>
<div class="card curves">${panels.map((svg) => `<div>${svg}</div>`).join("\n")}</div>`;

function duration(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
}
