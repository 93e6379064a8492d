import { drawingStyle } from "./drawing-style.ts";

/** The look of the report: light and dark by the reader's setting, narrow and wide, on paper. */
export const pageStyle = `
:root {
  color-scheme: light dark;
  --ground: #f6f7f9; --card: #ffffff; --ink: #1c2128; --quiet: #5a6472; --line: #d9dee5;
  --accent: #0969b3; --good: #08775a; --bad: #b03a10; --soft: #eef2f6;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #14171c; --card: #1d2229; --ink: #e4e8ee; --quiet: #9aa5b4; --line: #343c47;
    --accent: #63b0f0; --good: #4cc7a0; --bad: #f0936b; --soft: #272e38;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--ground); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif;
  overflow-wrap: anywhere;
}
main, header, footer { max-width: 1400px; margin: 0 auto; padding: 0 clamp(12px, 3vw, 40px); }
header { padding-top: 32px; }
footer { padding-bottom: 48px; color: var(--quiet); font-size: 14px; }
h1 { font-size: clamp(24px, 4vw, 34px); line-height: 1.2; margin: 0 0 4px; letter-spacing: -0.01em; }
h2 { font-size: 21px; margin: 40px 0 12px; }
h3 { font-size: 16px; margin: 0; }
p { margin: 0 0 12px; max-width: 75ch; }
.quiet { color: var(--quiet); font-size: 14px; }
.card, article.image {
  background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 16px;
}
.badge {
  display: inline-block; padding: 1px 9px; border-radius: 99px; font-size: 13px; font-weight: 600;
  background: var(--soft); color: var(--ink); white-space: nowrap;
}
.badge.good { color: var(--good); }
.badge.bad { color: var(--bad); }
.card > :last-child { margin-bottom: 0; }
.wide {
  overflow-x: auto; margin-bottom: 10px;
  background:
    linear-gradient(to left, var(--card) 24px, transparent) right / 56px 100% no-repeat local,
    linear-gradient(to left, color-mix(in srgb, var(--ink) 22%, transparent), transparent) right / 14px 100% no-repeat;
}

dl.facts {
  display: grid; grid-template-columns: repeat(auto-fill, minmax(190px, 1fr)); gap: 14px 24px; margin: 0;
}
dl.facts dt { color: var(--quiet); font-size: 13px; }
dl.facts dd { margin: 0; font-weight: 500; }
ul.checks { list-style: none; margin: 0; padding: 0; display: grid; gap: 8px; }
ul.checks .badge { margin-right: 8px; min-width: 84px; text-align: center; }
.pair { display: grid; gap: 16px; grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr)); margin-top: 16px; }
.pair h3 { margin-bottom: 10px; }
ol.stages { list-style: none; margin: 0; padding: 0; display: grid; gap: 6px; font-size: 14px; }
ol.stages li { display: grid; grid-template-columns: minmax(90px, 22%) 1fr 88px; gap: 10px; align-items: center; }
ol.stages .track { background: var(--soft); border-radius: 4px; height: 12px; }
ol.stages .bar { display: block; background: var(--accent); border-radius: 4px; height: 12px; min-width: 2px; }
ol.stages .time { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; color: var(--quiet); }

table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: 8px 12px; text-align: right; white-space: nowrap; border-bottom: 1px solid var(--line); }
thead th { color: var(--quiet); font-size: 13px; font-weight: 600; }
tbody tr:last-child > * { border-bottom: 0; }
th:first-child { white-space: normal; min-width: 112px; text-align: left; position: sticky; left: 0; background: var(--card); }
td small { display: block; color: var(--quiet); font-size: 12px; }
td small.good { color: var(--good); }
td small.bad { color: var(--bad); }

.curves { display: grid; gap: 8px 24px; grid-template-columns: repeat(auto-fit, minmax(min(100%, 320px), 1fr)); }
.curves svg { display: block; width: 100%; max-width: 480px; height: auto; margin: 0 auto; }
.curves svg > rect:first-child { fill: none; }

.tools {
  position: sticky; top: 0; z-index: 2; display: flex; flex-wrap: wrap; gap: 4px 18px;
  padding: 10px 16px; margin-bottom: 16px; font-size: 14px; background: var(--card);
  border: 1px solid var(--line); border-radius: 10px;
}
.tools label { display: inline-flex; gap: 6px; align-items: center; cursor: pointer; }
.tools span { color: var(--quiet); }
.tools .group { display: inline-flex; flex-wrap: wrap; gap: 4px 14px; }
article.image { margin-bottom: 20px; scroll-margin-top: 64px; }
article.image > p { margin-bottom: 10px; }
.store { position: absolute; width: 0; height: 0; }
.panels { display: grid; gap: 20px; grid-template-columns: repeat(auto-fit, minmax(min(100%, 460px), 1fr)); align-items: start; }
figure.scene { margin: 0; min-width: 0; }
figcaption { display: flex; flex-wrap: wrap; align-items: baseline; gap: 2px 10px; margin-bottom: 6px; min-height: 28px; }
.drawing { display: block; width: 100%; max-height: 78vh; border-radius: 6px; background: var(--soft); }
.blank { position: relative; display: grid; place-items: center; }
.blank > * { grid-area: 1 / 1; }
.blank .drawing { opacity: 0.16; }
.blank p {
  margin: 12px; padding: 8px 14px; z-index: 1; border-radius: 8px; background: var(--card); color: var(--bad);
  border: 1px solid currentColor; font-size: 14px; max-width: min(90%, 46ch);
}

${drawingStyle}.drawing g { cursor: pointer; transition: opacity 0.12s; }
.lit .drawing g:not(.on) { opacity: 0.1; }
.lit .drawing .box.on rect:last-of-type { stroke-width: 3px; }

.relations { list-style: none; margin: 8px 0 0; padding: 0; display: flex; flex-wrap: wrap; gap: 5px; max-height: 190px; overflow: auto; }
.relations button {
  font: inherit; font-size: 13px; line-height: 1.35; text-align: left; padding: 2px 9px; cursor: pointer;
  color: inherit; background: var(--soft); border: 1px solid var(--line); border-radius: 7px;
}
.relations button.hit { border-color: var(--good); }
.relations button.miss { border-style: dashed; }
.relations button.on { outline: 2px solid var(--accent); }
.relations b { font-weight: 600; color: var(--accent); }
.sign { font-style: normal; font-weight: 700; margin-right: 6px; color: var(--quiet); }
.hit .sign { color: var(--good); }
.none { margin: 8px 0 0; }
dl.rewards { display: flex; flex-wrap: wrap; gap: 2px 16px; margin: 10px 0 0; font-size: 13px; }
dl.rewards div { display: flex; gap: 6px; }
dl.rewards dt { color: var(--quiet); }
dl.rewards dd { margin: 0; white-space: nowrap; font-weight: 600; font-variant-numeric: tabular-nums; }
details { margin-top: 8px; font-size: 13px; }
summary { cursor: pointer; }
pre {
  margin: 6px 0 0; padding: 10px; max-height: 320px; overflow: auto; white-space: pre-wrap; unicode-bidi: isolate;
  background: var(--soft); border-radius: 6px; font: 12px/1.45 ui-monospace, Consolas, monospace;
}
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }

body:has(#show-boxes:not(:checked)) .drawing .box,
body:has(#show-names:not(:checked)) .drawing .name,
body:has(#show-relations:not(:checked)) .drawing .relation { display: none; }

@media (max-width: 640px) {
  .tools { position: static; }
  th, td { padding: 7px 9px; }
  dl.facts { grid-template-columns: repeat(auto-fill, minmax(140px, 1fr)); }
}
@media print {
  :root { --ground: #fff; --card: #fff; --ink: #000; --quiet: #444; --line: #bbb; --soft: #f2f2f2; --good: #08775a; --bad: #9c3d0c; --accent: #0969b3; }
  body { font-size: 11pt; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .tools, details { display: none; }
  .relations { max-height: none; }
  th, td { padding: 4px 5px; font-size: 9.5pt; }
  .wide { background: none; }
  figure.scene, .card, table { break-inside: avoid; }
  .panels { grid-template-columns: 1fr 1fr; }
}
`;
