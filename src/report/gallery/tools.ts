import { escapeHtml, shorten } from "../escape.ts";

/** The filters of a gallery, its order, and what is drawn. */
export function galleryTools(
  models: readonly string[],
  predicates: readonly ReadonlySet<string>[],
): string {
  const of = (name: string, i: number): Choice => [String(i), name];
  const measures: readonly Choice[] =
    models.length === 1 ? models.map(of) : [["mean", "mean of the models"], ...models.map(of)];
  const minus: readonly Choice[] = [["", "nothing"], ...models.map(of)];
  return `<form class="tools" aria-label="Filters">
${select("which", "Show", [
  ["all", "all images"],
  ["failures", "failed answers"],
  ["best", "the 10 best"],
  ["worst", "the 10 worst"],
])}
${select("predicate", "Predicate", [["", "any"], ...counted(predicates)])}
${select("by", "By the recall of", measures)}
${models.length > 1 ? select("minus", "minus that of", minus) : ""}
${select("order", "Order", [
  ["data", "of the data"],
  ["best", "best first"],
  ["worst", "worst first"],
])}
${ticks("Panels", "panel", [["truth", "Ground truth"], ...models.map(of)])}
${ticks("Draw", "layer", [
  ["boxes", "boxes"],
  ["names", "names"],
  ["relations", "relations"],
  ["missing", "what is missing"],
])}
</form>`;
}

type Choice = readonly [value: string, text: string];

const select = (name: string, label: string, choices: readonly Choice[]): string =>
  `<label class="choice"><span>${label}</span><select data-choose="${name}" autocomplete="off">${choices.map(([value, text]) => `<option value="${escapeHtml(value)}">${escapeHtml(shorten(text, 60))}</option>`).join("")}</select></label>`;

const ticks = (label: string, kind: string, choices: readonly Choice[]): string =>
  `<fieldset class="group"><legend>${label}</legend>${choices.map(([value, text]) => `<label><input type="checkbox" data-${kind}="${value}" autocomplete="off" checked>${escapeHtml(shorten(text, 60))}</label>`).join("")}</fieldset>`;

/** Predicates with how many images have each, the frequent ones first. */
function counted(images: readonly ReadonlySet<string>[]): readonly Choice[] {
  const counts = new Map<string, number>();
  for (const predicates of images)
    for (const one of predicates) counts.set(one, (counts.get(one) ?? 0) + 1);
  return [...counts]
    .toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .map(([predicate, count]) => [predicate, `${shorten(predicate, 40)} (${count})`]);
}
