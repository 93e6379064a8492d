import type { Parsed, Target } from "../core/graph/scene-graph.ts";
import { className } from "../core/metrics/scene.ts";
import { escapeHtml } from "./escape.ts";
import { sceneSvg } from "./scene-svg.ts";
import { type SceneView, toView } from "./scene-view.ts";

/** What one method said to an image. */
export interface ReportAnswer {
  readonly method: string;
  /** The answer read as a graph in pixels, the reason why it is none, or undefined for no answer. */
  readonly prediction: Parsed | undefined;
  readonly response: string | undefined;
  readonly rewards: Readonly<Record<string, number>>;
}

/** One image with its truth and what each method said; `thumbnail` is a data URL of any size. */
export interface ReportImage {
  readonly target: Target;
  readonly thumbnail: string;
  readonly answers: readonly ReportAnswer[];
}

/** An image as HTML: the truth and each method's answer, drawn side by side. */
export function imageArticle(image: ReportImage, place: number): string {
  const { target, thumbnail, answers } = image;
  if (!/^data:image\//.test(thumbnail))
    throw new TypeError(
      `Cannot show image "${target.image_id}": "${thumbnail.slice(0, 40)}", expected a data URL`,
    );
  const imageId = `image-${place}`;
  const ground = { width: target.width, height: target.height, imageId };
  const graphs = answers.flatMap(({ prediction }) => (prediction?.ok ? [prediction.graph] : []));
  const names = [
    ...new Set(
      [target, ...graphs].flatMap(({ objects }) => objects.map(({ id }) => className(id))),
    ),
  ];
  const draw = (view: SceneView) => sceneSvg(view, ground, names);
  const truth = toView(target, target);
  return `<article class="image" id="scene-${place}">
<h3>${escapeHtml(target.image_id)}</h3>
<p class="quiet">${target.width} × ${target.height} pixels</p>
<svg class="store" aria-hidden="true"><defs><image id="${imageId}" href="${escapeHtml(thumbnail)}" width="${target.width}" height="${target.height}" preserveAspectRatio="none"/></defs></svg>
<div class="panels">
<figure class="scene" data-method="truth"><figcaption><strong>Ground truth</strong>${counts(truth)}</figcaption>${draw(truth)}${relationList(truth)}</figure>
${answers.map((answer, method) => answerFigure(answer, method, target, draw, imageId)).join("\n")}
</div>
</article>`;
}

function answerFigure(
  answer: ReportAnswer,
  method: number,
  target: Target,
  draw: (view: SceneView) => string,
  imageId: string,
): string {
  const { prediction, response } = answer;
  const view = prediction?.ok ? toView(prediction.graph, target, target) : undefined;
  const [kind, reason] =
    prediction?.ok === false
      ? ["parse failure", prediction.reason]
      : ["no answer", "the predictions hold no answer to this image"];
  return `<figure class="scene${view ? "" : " failed"}" data-method="${method}"><figcaption><strong>${escapeHtml(answer.method)}</strong>${view ? counts(view) : `<span class="badge bad">${kind}</span>`}</figcaption>${
    view
      ? draw(view) + relationList(view)
      : `<div class="blank"><svg class="drawing" viewBox="0 0 ${target.width} ${target.height}" aria-hidden="true"><use href="#${imageId}"/></svg><p>${escapeHtml(reason)}</p></div>`
  }${rewardList(answer.rewards)}${response === undefined ? "" : rawAnswer(response)}</figure>`;
}

function counts({ objects, relations, found }: SceneView): string {
  const sizes = `${objects.length} objects, ${relations.length} relations`;
  const odd = objects.filter(({ box }) => box === undefined).length;
  const notDrawn = odd > 0 ? `, ${odd} without a box` : "";
  const hits = found ? ` <span class="badge">${found.hits} of ${found.of} found</span>` : "";
  return `<span class="quiet">${sizes}${notDrawn}</span>${hits}`;
}

function relationList({ relations }: SceneView): string {
  if (relations.length === 0) return '<p class="quiet none">no relations</p>';
  const items = relations.map(
    ({ text: [subject, predicate, object], subject: s, object: o, hit }, i) => {
      const ends = `data-relation="${i}" data-ends="${s ?? ""} ${o ?? ""}"`;
      const sign = hit === undefined ? "" : hit ? '<i class="sign">✓</i>' : '<i class="sign">✗</i>';
      const said = `${escapeHtml(subject)} <b>${escapeHtml(predicate)}</b> ${escapeHtml(object)}`;
      return `<li><button type="button" class="${hit === undefined ? "true" : hit ? "hit" : "miss"}" ${ends}>${sign}${said}</button></li>`;
    },
  );
  return `<ul class="relations">${items.join("")}</ul>`;
}

function rewardList(rewards: Readonly<Record<string, number>>): string {
  const entries = Object.entries(rewards);
  if (entries.length === 0) return "";
  const rows = entries.map(
    ([name, value]) => `<div><dt>${escapeHtml(name)}</dt><dd>${value.toFixed(3)}</dd></div>`,
  );
  return `<dl class="rewards">${rows.join("")}</dl>`;
}

const rawAnswer = (response: string): string =>
  `<details><summary>Raw answer <span class="quiet">${response.length} characters</span></summary><pre>${escapeHtml(response)}</pre></details>`;
