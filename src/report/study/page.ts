import { escapeHtml } from "../escape.ts";
import type { Gallery } from "../gallery/gallery.ts";
import { galleryScript, galleryScriptHash } from "../gallery/script.ts";
import { gallerySection } from "../gallery/section.ts";
import { galleryStyle } from "../gallery/style.ts";
import { gridHtml, gridStyle } from "../grid/html.ts";
import { pageHtml } from "../page.ts";
import type { DrawnStudy } from "./files.ts";
import { overlapTitle } from "./overlap.ts";
import { runsGrid } from "./runs-grid.ts";

/**
 * One page of all tables and figures, the answers to some images, and the runs behind them below, each once.
 */
export function studyPage(
  title: string,
  notes: readonly string[],
  drawn: readonly DrawnStudy[],
  galleries: readonly Gallery[],
): string {
  const runs = new Map(drawn.flatMap(({ model }) => model.runs.map((run) => [run.id, run])));
  const paper = drawn.some(({ study }) => study.paper !== undefined);
  return pageHtml({
    title,
    summary: paper
      ? "Our numbers beside the paper's (arXiv 2504.13617)"
      : "Our own measurements: the paper has none of these",
    style: `${gridStyle}.figure svg { max-width: 100%; height: auto; }\n${galleries.length > 0 ? galleryStyle : ""}`,
    ...(galleries.length > 0 && { script: { text: galleryScript, hash: galleryScriptHash } }),
    main: [
      ...notes.map((note) => `<p>${escapeHtml(note)}</p>`),
      ...drawn.flatMap(({ study, grid, svg, overlap }) => [
        ...(drawn.length > 1 ? [`<h2>${escapeHtml(study.title)}</h2>`] : []),
        ...(svg === null ? [] : [`<div class="card figure">${svg}</div>`]),
        gridHtml(grid),
        ...(overlap === null ? [] : [`<h2>${overlapTitle}</h2>`, gridHtml(overlap)]),
      ]),
      ...galleries.map((gallery, place) => gallerySection(gallery, place)),
      ...(runs.size > 0 ? ["<h2>Runs</h2>", gridHtml(runsGrid([...runs.values()]))] : []),
    ],
  });
}
