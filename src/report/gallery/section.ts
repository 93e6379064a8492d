import { refine } from "../../core/graph/names.ts";
import { escapeHtml, shorten } from "../escape.ts";
import { galleryArticle, pictureSvg } from "./article.ts";
import { type ComparedView, comparedView } from "./compared-view.ts";
import type { Gallery, GalleryImage } from "./gallery.ts";
import { galleryTools } from "./tools.ts";

/** Markup of a gallery is no larger than this, in characters; images beyond it are left out. */
export const mostMarkup = 12e6;

/**
 * A gallery as HTML: filters, a strip of its images, and of the chosen one the truth and all answers side
 * by side. Without a script all of its images stand below each other.
 *
 * `place` is that of the gallery in its page. Errors: TypeError for a picture that is no data URL
 */
export function gallerySection(gallery: Gallery, place: number, most = mostMarkup): string {
  const { title, models, images, protocol, notes } = gallery;
  const heading = `<h2 id="gallery-${place}">Images: ${escapeHtml(title)}</h2>`;
  const sentences = (all: readonly string[]) =>
    all.length === 0 ? "" : `<p class="quiet">${all.map(escapeHtml).join(" ")}</p>`;
  if (images.length === 0) return `<section>${heading}${sentences(notes)}</section>`;
  const parts: { option: string; article: string; picture: string; predicates: Set<string> }[] = [];
  let size = 0;
  for (const [at, image] of images.entries()) {
    refuseAddress(image);
    const id = `scene-${place}-${at}`;
    const compared = image.answers.map(({ prediction }) =>
      comparedView({ target: image.target, prediction }, protocol),
    );
    const predicates = new Set(image.target.relationships.map((one) => refine(one.predicate)));
    const article = galleryArticle(image, compared, models, id);
    const picture = pictureSvg(image, id);
    size += article.length + picture.length;
    if (size > most && parts.length > 0) break;
    parts.push({
      option: option(image, compared, models, id, predicates),
      article,
      picture,
      predicates,
    });
  }
  const left = images.length - parts.length;
  const words = [
    ...notes,
    ...(left > 0 ? [`${left} more are left out, for the page would be too large.`] : []),
  ];
  return `<section class="gallery" aria-labelledby="gallery-${place}">
${heading}
${sentences(words)}
${key}
<svg class="store" aria-hidden="true"><defs>${parts.map(({ picture }) => picture).join("")}</defs></svg>
${galleryTools(
  models,
  parts.map((one) => one.predicates),
)}
<div class="under"><p class="count" role="status">${parts.length} images</p><p class="bars-key quiet">Bars: R@100 of each model, in the order of the panels; ✗ failed.</p></div>
<div class="strip" role="listbox" aria-label="Images" aria-orientation="horizontal">${parts.map((one) => one.option).join("\n")}</div>
${parts.map((one) => one.article).join("\n")}
</section>`;
}

const key = `<p class="key quiet"><span class="good">✓ right</span>, solid: a relation that the strict evaluation counts, a box with a true object's name and at least half its overlap; <span class="bad">✗ wrong</span>, dashed: one that it does not; <span class="gone">○ missing</span>, dotted: what the truth has and the answer lacks. Point at a box or a relation, or tab to one, to see it alone; arrow keys go from image to image, Enter to its answers, Escape back.</p>`;

/** An image in the strip: a small picture, and the recall of each model. */
function option(
  { target, answers }: GalleryImage,
  compared: readonly ComparedView[],
  models: readonly string[],
  id: string,
  predicates: ReadonlySet<string>,
): string {
  const failed = answers.map(({ prediction }) => prediction?.ok !== true);
  const recalls = compared.map(({ recall }) => recall);
  const facts = JSON.stringify({ recalls, failed, predicates: [...predicates] });
  const told = models.map((model, i) => `${model}: ${outcome(recalls[i] ?? null, failed[i]!)}`);
  const name = shorten(target.image_id, 40);
  const bars = recalls.map((recall, i) =>
    failed[i]
      ? '<i class="bar failed">✗</i>'
      : `<i class="bar"><b style="width:${(recall ?? 0).toFixed(0)}%"></b></i>`,
  );
  const label = escapeHtml(`${name}; ${told.join("; ")}`);
  return `<div role="option" id="${id}-option" aria-controls="${id}" aria-selected="false" aria-label="${label}" title="${label}" data-facts="${escapeHtml(facts)}"><svg viewBox="0 0 ${target.width} ${target.height}" aria-hidden="true"><use href="#${id}-picture"/></svg><span class="name">${escapeHtml(name)}</span><span class="bars" aria-hidden="true">${bars.join("")}</span></div>`;
}

const outcome = (recall: number | null, isFailed: boolean): string =>
  isFailed ? "failed" : recall === null ? "no true relation" : `R@100 ${recall.toFixed(0)} %`;

function refuseAddress({ target, picture }: GalleryImage): void {
  if (picture === null || /^data:image\//.test(picture)) return;
  throw new TypeError(
    `Cannot show image "${target.image_id}": "${picture.slice(0, 40)}", expected a data URL`,
  );
}
