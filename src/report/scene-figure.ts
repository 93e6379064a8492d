import type { Target } from "../core/graph/scene-graph.ts";
import { className } from "../core/metrics/scene.ts";
import { escapeHtml } from "./escape.ts";
import { truthList } from "./gallery/relation-lists.ts";
import { sceneSvg } from "./scene-svg.ts";
import { type SceneView, toView } from "./scene-view.ts";

/** One image with its truth; `thumbnail` is a data URL of any size. */
export interface SceneImage {
  readonly target: Target;
  readonly thumbnail: string;
}

/** An image as HTML, its truth drawn on it. */
export function imageArticle({ target, thumbnail }: SceneImage, place: number): string {
  if (!/^data:image\//.test(thumbnail))
    throw new TypeError(
      `Cannot show image "${target.image_id}": "${thumbnail.slice(0, 40)}", expected a data URL`,
    );
  const imageId = `image-${place}`;
  const ground = { width: target.width, height: target.height, imageId };
  const names = [...new Set(target.objects.map(({ id }) => className(id)))];
  const truth = toView(target, target);
  return `<article class="image" id="scene-${place}">
<h3>${escapeHtml(target.image_id)}</h3>
<p class="quiet">${target.width} × ${target.height} pixels</p>
<svg class="store" aria-hidden="true"><defs><image id="${imageId}" href="${escapeHtml(thumbnail)}" width="${target.width}" height="${target.height}" preserveAspectRatio="none"/></defs></svg>
<div class="panels">
<figure class="scene"><figcaption><strong>Ground truth</strong>${counts(truth)}</figcaption>${sceneSvg(truth, ground, names)}${truthList(truth)}</figure>
</div>
</article>`;
}

function counts({ objects, relations }: SceneView): string {
  const odd = objects.filter(({ box }) => box === undefined).length;
  const notDrawn = odd > 0 ? `, ${odd} without a box` : "";
  return `<span class="quiet">${objects.length} objects, ${relations.length} relations${notDrawn}</span>`;
}
