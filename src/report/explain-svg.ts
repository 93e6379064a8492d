import type { Explanation } from "../core/metrics/explain.ts";
import type { EvaluationRow } from "../core/metrics/judge.ts";
import { cutoffs } from "../core/metrics/recall.ts";
import { className } from "../core/metrics/scene.ts";
import { drawingStyle } from "./drawing-style.ts";
import { escapeHtml } from "./escape.ts";
import { outcomeText, relationText, usageText } from "./explain-text.ts";
import { sceneSvg } from "./scene-svg.ts";
import { type SceneView, toView } from "./scene-view.ts";

const margin = 24;
const panelWidth = 560;
const mostHeight = 720;
const lineHeight = 18;
/** Letters of a line under a panel, at 13 pixels. */
const lineLetters = 78;

const style = `
svg { font-family: system-ui, "DejaVu Sans", Helvetica, Arial, sans-serif; fill: #1c2128; }
.title { font-size: 18px; font-weight: 600; }
.head, .good, .bad, .why { font-size: 13px; }
.head { font-weight: 600; }
.good { fill: #08775a; font-weight: 600; }
.bad { fill: #9c3d0c; font-weight: 600; }
.why { fill: #5a6472; }
`;

interface Line {
  readonly kind: "head" | "good" | "bad" | "why";
  readonly text: string;
}

/**
 * An explanation as a drawing of its own: truth and answer side by side, what is found and what is
 * missed marked in both, and under them the reasons.
 *
 * `picture` is the image as a data URL of any size; without it the ground is grey.
 */
export function explainSvg(
  { target, prediction }: EvaluationRow,
  explanation: Explanation,
  picture?: string,
): string {
  const graph = prediction?.ok ? prediction.graph : { objects: [], relationships: [] };
  const truthView = marked(toView(target, target), (i) => explanation.truth[i]!.rank !== null);
  const answerView = marked(toView(graph, target), (i) => explanation.answer[i]!.hits.length > 0);
  const names = [...new Set([...target.objects, ...graph.objects].map(({ id }) => className(id)))];
  const top = margin + 2 * lineHeight + 8;
  const height = Math.round(Math.min(mostHeight, (panelWidth * target.height) / target.width));
  const columns = [truthLines(explanation), answerLines(explanation)];
  const draw = (view: SceneView, column: number) => {
    const frame = { x: columnX(column), y: top, width: panelWidth, height };
    return sceneSvg(view, { ...target, imageId: "picture", frame }, names);
  };
  const below = top + height + 1.5 * lineHeight;
  const total = below + lineHeight * Math.max(...columns.map((lines) => lines.length)) + margin;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${Math.ceil(total)}" viewBox="0 0 ${width} ${Math.ceil(total)}">
<style>${escapeHtml(style + drawingStyle)}</style>
<defs>${ground(target, picture)}</defs>
<rect width="100%" height="100%" fill="#ffffff"/>
<text class="title" x="${margin}" y="${margin + 14}">${escapeHtml(titleOf(explanation))}</text>
${draw(truthView, 0)}
${draw(answerView, 1)}
${columns.map((lines, column) => linesSvg(lines, columnX(column), below)).join("\n")}
</svg>
`;
}

const width = 2 * panelWidth + 3 * margin;
const columnX = (column: number): number => margin + column * (panelWidth + margin);

const ground = (size: { readonly width: number; readonly height: number }, picture?: string) =>
  picture === undefined
    ? `<rect id="picture" width="${size.width}" height="${size.height}" fill="#dde2e8"/>`
    : `<image id="picture" href="${escapeHtml(picture)}" width="${size.width}" height="${size.height}" preserveAspectRatio="none"/>`;

const marked = (view: SceneView, isHit: (relation: number) => boolean): SceneView => ({
  ...view,
  relations: view.relations.map((relation, i) => ({ ...relation, hit: isHit(i) })),
});

function titleOf({ image_id, compat, recall }: Explanation): string {
  const figures = recall
    ? cutoffs.map((at) => `R@${at} ${recall[at].toFixed(1)}`).join(", ")
    : "no relation to be found";
  return `${image_id} (${compat}): ${figures}`;
}

function truthLines({ truth }: Explanation): readonly Line[] {
  const found = truth.filter(({ rank }) => rank !== null).length;
  return [
    { kind: "head", text: `Truth: ${found} of ${truth.length} relations found` },
    ...truth.flatMap((one, i) => [
      mark(one.rank !== null, `${i + 1}. ${relationText(one)}`),
      ...why(outcomeText(one)),
    ]),
  ];
}

function answerLines({ answer, failure }: Explanation): readonly Line[] {
  return [
    { kind: "head", text: failure === null ? `Answer: ${answer.length} relations` : "No graph" },
    ...(failure === null ? [] : why(failure)),
    ...answer.flatMap((one, i) => [
      mark(one.hits.length > 0, `${i + 1}. ${relationText(one)}`),
      ...why(usageText(one)),
    ]),
  ];
}

const mark = (good: boolean, text: string): Line => ({
  kind: good ? "good" : "bad",
  text: `${good ? "✓" : "✗"} ${text}`,
});

/** A reason in lines that fit under a panel. */
function why(text: string): readonly Line[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const last = lines.at(-1)!;
    if (last !== "" && last.length + word.length >= lineLetters) lines.push(word);
    else lines[lines.length - 1] = last === "" ? word : `${last} ${word}`;
  }
  return lines.map((line) => ({ kind: "why", text: `     ${line}` }));
}

const linesSvg = (lines: readonly Line[], x: number, y: number): string =>
  lines
    .map(
      ({ kind, text }, i) =>
        `<text class="${kind}" x="${x}" y="${(y + i * lineHeight).toFixed(1)}" xml:space="preserve">${escapeHtml(text)}</text>`,
    )
    .join("\n");
