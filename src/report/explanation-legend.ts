import type { Explanation } from "../core/explain/explanation.ts";
import { counted, shown } from "../core/explain/figure.ts";
import { toArrow } from "./arrow.ts";
import { columnsOf, visible, wrapped } from "./columns.ts";
import { escapeHtml } from "./escape.ts";
import type { ExplanationView } from "./explanation-view.ts";
import { rectangle, round } from "./svg-parts.ts";

/** What stands below a drawing: its lines as SVG from y = 0 on, and how high they are. */
export interface Legend {
  readonly title: string;
  readonly svg: string;
  readonly height: number;
}

interface Sign {
  readonly text: string;
  /** Draws its picture at a place, 22 units wide. */
  readonly draw?: (x: number, y: number) => string;
}

/** What the signs of a drawing mean, and the rewards in figures. */
export function legend(
  told: Explanation,
  view: ExplanationView,
  unit: number,
  width: number,
): Legend {
  const { image, outcome, profile, rewards, total } = told;
  const [size, row, margin] = [11 * unit, 17 * unit, 8 * unit];
  const breadth = (text: string): number => columnsOf(text) * 6.2 * unit;
  const title = `${visible(image.image_id)}, profile ${profile}: total ${shown(total)}`;
  const words = [
    title,
    ...(outcome.reason === undefined ? [] : [visible(outcome.reason)]),
    rewards.map(({ name, value }) => `${name} ${shown(value)}`).join(" · "),
    ...(view.left > 0 ? [`${view.left} boxes or relations are not drawn`] : []),
  ];
  let [x, y, svg] = [margin, row, ""];
  const text = (said: string, at: number): void => {
    svg += `<text x="${round(at)}" y="${round(y)}" font-size="${round(size)}">${escapeHtml(said)}</text>`;
  };
  for (const { text: said, draw } of signs(told, view, unit)) {
    const picture = draw === undefined ? 0 : 28 * unit;
    const length = picture + breadth(said) + 14 * unit;
    if (x > margin && x + length > width) [x, y] = [margin, y + row];
    svg += draw?.(x, y) ?? "";
    text(said, x + picture);
    x += length;
  }
  const most = Math.max(16, Math.floor((width - 2 * margin) / (6.2 * unit)));
  for (const line of words.flatMap((one) => wrapped(one, most))) {
    y += row;
    text(line, margin);
  }
  return { title, svg: `<g class="key">${svg}</g>`, height: y + row / 2 };
}

function signs(
  { targets, predictions }: Explanation,
  { reward, pairs, relations }: ExplanationView,
  unit: number,
): readonly Sign[] {
  const box = (kind: string) => (x: number, y: number) =>
    `<g class="box ${kind}">${rectangle([x, y - 10 * unit, x + 22 * unit, y + unit])}</g>`;
  const arrow = (kind: string) => (x: number, y: number) => {
    const { line, head } = toArrow([x, y - 3 * unit], [x + 22 * unit, y - 3 * unit], unit);
    return `<g class="${kind}"><path class="line" d="${line}"/><path class="head" d="${head}"/></g>`;
  };
  return [
    { text: counted(targets.length, "target"), draw: box("target") },
    { text: counted(predictions.length, "prediction"), draw: box("prediction") },
    ...(pairs.length > 0 ? [{ text: "same number: matched" }] : []),
    ...(reward !== undefined && relations.length > 0
      ? [
          { text: "found", draw: arrow("hit") },
          { text: `missed, by ${reward.name}`, draw: arrow("miss") },
        ]
      : []),
  ];
}
