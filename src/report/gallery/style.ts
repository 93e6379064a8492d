/** Panels of so many models can be hidden, each by its tick. */
const mostModels = 40;

const hidden = ["truth", ...Array.from({ length: mostModels }, (_, i) => String(i))]
  .map(
    (key) =>
      `.gallery:has([data-panel="${key}"]:not(:checked)) [data-method="${key}"] { display: none; }\n`,
  )
  .join("");

const layers = [
  ["boxes", ".drawing .box"],
  ["names", ".drawing .name"],
  ["relations", ".drawing .relation:not(.gone)"],
  ["missing", ".drawing .gone"],
]
  .map(
    ([layer, parts]) =>
      `.gallery:has([data-layer="${layer}"]:not(:checked)) ${parts} { display: none; }\n`,
  )
  .join("");

/** The look of galleries, beside that of all pages. */
export const galleryStyle = `
:root { --gone: #6b2fa0; }
@media (prefers-color-scheme: dark) { :root { --gone: #c79bf2; } }
.gallery .good { color: var(--good); } .gallery .bad { color: var(--bad); } .gallery .gone { color: var(--gone); }
.gallery .key { max-width: 110ch; }
.gallery .key span { font-weight: 600; }
.gallery .tools { position: static; gap: 10px 18px; margin-bottom: 10px; }
.gallery .tools .choice { display: inline-flex; flex-direction: column; align-items: stretch; gap: 2px; font-size: 13px; }
.tools select {
  font: inherit; font-size: 14px; padding: 4px 6px; max-width: 240px; color: inherit;
  background: var(--soft); border: 1px solid var(--line); border-radius: 6px;
}
.tools fieldset { border: 0; margin: 0; padding: 0; min-width: 0; }
.tools legend { color: var(--quiet); font-size: 13px; padding: 0; margin-bottom: 2px; }
.gallery .under { display: flex; flex-wrap: wrap; gap: 0 12px; margin: 0 0 6px; font-size: 14px; }
.count { font-weight: 600; margin: 0; }
.bars-key { margin: 0; max-width: none; }
.strip { display: flex; gap: 8px; overflow-x: auto; padding: 4px 4px 10px; margin-bottom: 12px; }
.strip [role="option"] {
  flex: none; width: 112px; padding: 5px; cursor: pointer; background: var(--card); border: 1px solid var(--line);
  border-radius: 8px; font-size: 12px; line-height: 1.3;
}
.strip [role="option"][hidden] { display: none; }
.strip [aria-selected="true"] { border-color: var(--accent); box-shadow: 0 0 0 2px var(--accent); }
.strip svg { display: block; width: 100%; height: 74px; border-radius: 4px; background: var(--soft); }
.strip .name { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; overflow-wrap: anywhere; margin-top: 3px; }
.strip .bars { display: grid; gap: 2px; margin-top: 3px; }
.strip .bar { display: block; height: 7px; background: var(--soft); border-radius: 2px; font-style: normal; font-size: 8px; line-height: 7px; }
.strip .bar.failed { color: var(--bad); outline: 1px dashed var(--bad); outline-offset: -1px; padding-left: 2px; font-weight: 700; }
.strip .bar b { display: block; height: 7px; background: var(--accent); border-radius: 2px; }
.gallery article.image[hidden] { display: none; }
.gallery article.image { margin-bottom: 20px; }
.gallery article h3 { margin-bottom: 10px; }
.gallery article h3 .quiet { font-weight: 400; }
.gallery .panels { grid-template-columns: repeat(auto-fit, minmax(min(100%, 280px), 1fr)); gap: 20px 16px; }
.gallery figure.scene { display: grid; grid-row: span 3; grid-template-rows: subgrid; align-content: start; gap: 6px; }
.gallery .drawing { max-height: min(64vh, 480px); }
.gallery .said { min-width: 0; }
.gallery .tally { display: inline-flex; flex-wrap: wrap; gap: 4px; }
.gallery figcaption { min-height: 0; margin: 0; align-content: start; }
.gallery figcaption strong { overflow-wrap: anywhere; }
.relations button.gone { border: 1px dotted var(--gone); background: none; }
.relations button.gone .sign, .relations button.gone b { color: var(--gone); }
.relations button small { color: var(--quiet); }
.relations.lacking { margin-top: 6px; }
@media (max-width: 640px) {
  .gallery .tools { display: grid; grid-template-columns: 1fr 1fr; }
  .gallery .tools fieldset { grid-column: 1 / -1; }
  .tools select { max-width: none; width: 100%; }
  .strip [role="option"] { width: 96px; }
  .strip svg { height: 62px; }
}
@media print { .strip, .count { display: none; } .gallery .panels { grid-template-columns: 1fr 1fr; } }
${hidden}${layers}`;
