import { escapeHtml, shorten } from "../escape.ts";
import type { MissingRelation, SceneView, ViewedRelation } from "../scene-view.ts";

/** As many as anybody reads; a model may say thousands. */
const most = 60;
const mostName = 40;

/** The true relations, as they are. */
export const truthList = ({ relations }: SceneView): string =>
  relations.length === 0
    ? '<p class="quiet none">no relations</p>'
    : list(
        relations.length,
        relations.map((one, i) => chip("true", "", said(one), i, ends(one), one.text.join(" "))),
      );

/** What an answer says, the right ones first, and below it what it lacks. */
export function relationLists(
  answer: readonly ViewedRelation[],
  missing: readonly MissingRelation[],
): string {
  const chips = answer.map((one, i) => {
    const [kind, sign] = one.hit ? (["hit", "✓"] as const) : (["miss", "✗"] as const);
    return { kind, html: chip(kind, sign, said(one), i, ends(one), one.why ?? "") };
  });
  const sorted = ["hit", "miss"].flatMap((kind) => chips.filter((one) => one.kind === kind));
  const lacking = missing.map((one, i) => {
    const text = `${said(one)} <small>${escapeHtml(one.reason)}</small>`;
    const places = `t${one.subject ?? ""} t${one.object ?? ""}`;
    return chip("gone", "○", text, `m${i}`, places, one.why);
  });
  return [
    answer.length === 0
      ? ""
      : list(
          answer.length,
          sorted.map(({ html }) => html),
        ),
    missing.length === 0 ? "" : list(missing.length, lacking, "lacking"),
  ].join("");
}

const said = ({ text: [subject, predicate, object] }: Pick<ViewedRelation, "text">): string =>
  `${escapeHtml(shorten(subject, mostName))} <b>${escapeHtml(shorten(predicate, mostName))}</b> ${escapeHtml(shorten(object, mostName))}`;

const ends = ({ subject, object }: ViewedRelation): string => `${subject ?? ""} ${object ?? ""}`;

const chip = (
  kind: string,
  sign: string,
  html: string,
  relation: number | string,
  places: string,
  why: string,
): string =>
  `<li><button type="button" class="${kind}" data-relation="${relation}" data-ends="${places}" title="${escapeHtml(shorten(why, 200))}">${sign && `<i class="sign">${sign}</i>`}${html}</button></li>`;

function list(count: number, items: readonly string[], kind = ""): string {
  const more = count > most ? `<li class="quiet">and ${count - most} more</li>` : "";
  return `<ul class="relations ${kind}">${items.slice(0, most).join("")}${more}</ul>`;
}
