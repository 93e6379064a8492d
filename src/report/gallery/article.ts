import { counted } from "../../core/explain/figure.ts";
import { className } from "../../core/metrics/scene.ts";
import { escapeHtml, shorten } from "../escape.ts";
import { sceneSvg } from "../scene-svg.ts";
import { type SceneView, toView } from "../scene-view.ts";
import type { ComparedView } from "./compared-view.ts";
import type { GalleryAnswer, GalleryImage } from "./gallery.ts";
import { relationLists, truthList } from "./relation-lists.ts";

/** Of an answer as it was given, in characters: a model that repeats itself fills pages. */
const mostLetters = 6000;
/** Of a name or an id, which come from a model. */
const mostName = 60;

/** An image as HTML: its truth and each model's answer, drawn side by side and marked. */
export function galleryArticle(
  { target, note, answers }: GalleryImage,
  compared: readonly ComparedView[],
  models: readonly string[],
  id: string,
): string {
  const imageId = `${id}-picture`;
  const ground = { width: target.width, height: target.height, imageId, screenWidth: 380 };
  const graphs = answers.flatMap(({ prediction }) => (prediction?.ok ? [prediction.graph] : []));
  const names = [
    ...new Set(
      [target, ...graphs].flatMap(({ objects }) => objects.map((one) => className(one.id))),
    ),
  ];
  const draw = (view: SceneView) => sceneSvg(view, ground, names);
  const truth = toView(target, target);
  const head = `<figcaption><strong>Ground truth</strong><span class="quiet">${counted(truth.objects.length, "object")}, ${counted(truth.relations.length, "relation")}</span></figcaption>`;
  const panels = compared.map((one, model) =>
    answerFigure(one, answers[model]!, models[model]!, model, draw, ground),
  );
  return `<article class="image" id="${id}" tabindex="-1" aria-label="Image ${escapeHtml(shorten(target.image_id, mostName))}">
<h3>${escapeHtml(shorten(target.image_id, mostName))} <span class="quiet">${target.width} × ${target.height} pixels${note === null ? "" : `; ${escapeHtml(note)}`}</span></h3>
<div class="panels">
<figure class="scene" data-method="truth">${head}${draw(truth)}<div class="said">${truthList(truth)}</div></figure>
${panels.join("\n")}
</div>
</article>
`;
}

/** The picture of an image, once, for all drawings that show it; a plain ground where there is none. */
export const pictureSvg = ({ target, picture }: GalleryImage, id: string): string => {
  const size = `width="${target.width}" height="${target.height}"`;
  return picture === null
    ? `<rect id="${id}-picture" ${size} fill="#dde2e8"/>`
    : `<image id="${id}-picture" href="${escapeHtml(picture)}" ${size} preserveAspectRatio="none"/>`;
};

interface Size {
  readonly width: number;
  readonly height: number;
  readonly imageId: string;
}

function answerFigure(
  { view, failure, missing, recall }: ComparedView,
  { prediction, response, rewards = {} }: GalleryAnswer,
  name: string,
  model: number,
  draw: (view: SceneView) => string,
  { width, height, imageId }: Size,
): string {
  const said = view?.relations ?? [];
  const right = said.filter(({ hit }) => hit).length;
  const tally = view
    ? `<span class="badge good">✓ ${right} right</span><span class="badge bad">✗ ${said.length - right} wrong</span><span class="badge gone">○ ${missing.relations.length} missing</span>`
    : `<span class="badge bad">${prediction === undefined ? "no answer" : "failed: no graph"}</span><span class="badge gone">○ ${missing.relations.length} missing</span>`;
  const figure = `<span class="quiet">${recall === null ? "no true relation" : `R@100 ${recall.toFixed(0)} %`}</span>`;
  const drawing = view
    ? draw(view)
    : `<div class="blank"><svg class="drawing" viewBox="0 0 ${width} ${height}" aria-hidden="true"><use href="#${imageId}"/></svg><p>${escapeHtml(shorten(failure ?? "", 300))}</p></div>`;
  return `<figure class="scene${view ? "" : " failed"}" data-method="${model}"><figcaption><strong>${escapeHtml(name)}</strong>${figure}<span class="tally">${tally}</span></figcaption>${drawing}<div class="said">${relationLists(said, missing.relations)}${rewardList(rewards)}${rawAnswer(response)}</div></figure>`;
}

function rewardList(rewards: Readonly<Record<string, number>>): string {
  const rows = Object.entries(rewards).map(
    ([name, value]) => `<div><dt>${escapeHtml(name)}</dt><dd>${value.toFixed(3)}</dd></div>`,
  );
  return rows.length === 0 ? "" : `<dl class="rewards">${rows.join("")}</dl>`;
}

function rawAnswer(response: string | undefined): string {
  if (response === undefined) return "";
  const shown = shorten(response, mostLetters);
  const cut = shown === response ? "" : `, the first ${mostLetters} here`;
  return `<details><summary>Answer as given <span class="quiet">${response.length} characters${cut}</span></summary><pre>${escapeHtml(shown)}</pre></details>`;
}
