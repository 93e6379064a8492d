import type { Explanation, RewardExplanation } from "../core/explain/explanation.ts";
import { counted, shown } from "../core/explain/figure.ts";
import { fitted, visible, wrapped } from "./columns.ts";
import {
  type Lines,
  objectLines,
  predictionLines,
  relationLines,
  table,
  textWidth,
} from "./explanation-tables.ts";

/** As much of the answer's text as is shown, in columns. */
const shownText = 174;

/**
 * An explanation for a terminal: 100 columns wide, columns aligned.
 *
 * Texts of the model are shown with their control characters written out.
 */
export function explanationText(told: Explanation): string {
  const sections = [
    headLines(told),
    answerLines(told),
    objectLines(told),
    predictionLines(told),
    ...told.rewards.map(relationLines),
    ...told.rewards.map(checkLines),
    rewardLines(told),
  ].filter(({ length }) => length > 0);
  return `${sections.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function headLines({ image, task, box_scale, profile, sources }: Explanation): Lines {
  const size = `${image.width} × ${image.height}`;
  const scale = box_scale.map((side) => shown(side)).join(" × ");
  return [
    `Image ${visible(image.image_id)} (${size}), task ${task}, boxes of the answer up to ${scale}`,
    `Profile ${profile}: ${sources}`,
  ].flatMap((line) => wrapped(line, textWidth));
}

function answerLines(told: Explanation): Lines {
  const { answer, outcome, limits, left_out: left } = told;
  const found = [
    counted(told.predictions.length, "object"),
    counted(told.predicted_relations.length, "relation"),
  ].join(" and ");
  const { broken_at: broken } = answer;
  return [
    "Answer",
    ...table([
      [
        "read",
        outcome.parsed
          ? [found, outcome.reason].filter(Boolean).join(", but ")
          : `no: ${outcome.reason}`,
      ],
      ...(broken
        ? [["broken", `at character ${broken.character}: ${broken.before}▶${broken.after}`]]
        : []),
      ...(left.length > 0
        ? [["left out", `${left.map(({ id }) => id).join(", ")}: boxes that are not finite`]]
        : []),
      [
        "taken",
        `from ${answer.taken_from}: ${answer.text.length} of ${answer.characters} characters`,
      ],
      ["text", fitted(visible(answer.text.replaceAll(/\s+/g, " ")), shownText)],
      ["limits", limits.map(({ of, found: is, most }) => `${is} of ${most} ${of}`).join(", ")],
    ]),
  ];
}

function checkLines({ name, checks }: RewardExplanation): Lines {
  if (checks === undefined) return [];
  const rows = checks.map(({ what, passed, found }) => [
    passed ? "✓" : "✗",
    found === undefined ? what : `${what}: ${found}`,
  ]);
  return [`Form by ${name}`, ...table(rows)];
}

function rewardLines({ rewards, total, outcome }: Explanation): Lines {
  const row = ({ name, formula, because }: RewardExplanation) => {
    const way = formula.slice(`${name} `.length);
    // Why nothing was read is told above, once.
    const why = because === outcome.reason && because !== undefined ? "see above" : because;
    return [name, why === undefined ? way : `${way} (${why})`];
  };
  const inTotal = rewards.filter(({ in_total }) => in_total);
  const others = rewards.filter(({ in_total }) => !in_total);
  const sum = [inTotal.map(({ value }) => shown(value)).join(" + "), shown(total)].join(" = ");
  return [
    "Rewards",
    ...table([...inTotal.map(row), ["total", `= ${sum}`]]),
    ...(others.length > 0
      ? ["", "Rewards that are not in the total", ...table(others.map(row))]
      : []),
  ];
}
