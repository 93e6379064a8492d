import type {
  Explanation,
  RelationPart,
  RewardExplanation,
  Verdict,
} from "../core/explain/explanation.ts";
import { shown } from "../core/explain/figure.ts";
import { inWords } from "../core/explain/relations.ts";
import { type Column, setColumns, visible } from "./columns.ts";

/** Columns of a terminal that an explanation takes. */
export const textWidth = 100;

/** Lines of a section, its head first; none where there is nothing to tell. */
export type Lines = readonly string[];

const left: Column = { align: "left" };
const right: Column = { align: "right" };
/** Long names are cut, so that the figures keep their place. */
const id: Column = { align: "left", most: 16 };

/** Rows in columns, set in by two blanks; texts of the model cannot command the terminal. */
export const table = (
  rows: readonly (readonly string[])[],
  columns: readonly Column[] = [left, left],
): Lines =>
  setColumns(
    rows.map((row) => row.map(visible)),
    columns,
    textWidth - 2,
  ).map((line) => `  ${line}`);

/** The matched pairs with their costs, and who is left over. */
export function objectLines({ matching }: Explanation): Lines {
  const { overlap, pairs, solver, because } = matching;
  const head = `Objects, matched at the least sum of (1 − sim) + 2 (1 − ${overlap}) + 5 L1 by solver ${solver}`;
  if (because !== undefined) return [head, ...table([["none", because]])];
  const heads = [
    "#",
    "target",
    "predicted",
    "sim",
    overlap,
    "L1",
    "1−sim",
    `2(1−${overlap})`,
    "5 L1",
  ];
  const rows = pairs.map(({ target, predicted, similarity, l1, terms, cost, ...pair }, i) => [
    ...[String(i + 1), target.id, predicted.id],
    ...[similarity, pair.overlap, l1, terms.similarity, terms.overlap, terms.l1, cost].map(fixed),
  ]);
  const set = table([[...heads, "cost"], ...rows], [right, id, id, ...Array(7).fill(right)]);
  const names = (all: readonly { readonly id: string }[]) => all.map((one) => one.id).join(", ");
  const over = [
    ["targets without a match", names(matching.unmatched_targets)],
    ["predictions without one", names(matching.unmatched_predictions)],
  ].filter(([, ids]) => ids !== "");
  return [
    head,
    ...(pairs.length > 0 ? set : []),
    ...table(over.length + pairs.length > 0 ? over : [["none", ""]]),
  ];
}

const fixed = (value: number): string =>
  Math.abs(value) < 1e4 ? value.toFixed(3) : value.toExponential(0);

const marks: Readonly<Record<Verdict, string>> = {
  hit: "✓",
  miss: "✗",
  ended: "!",
  "not reached": "–",
};

/** The sign of a part; `≈` where names are alike, but not the same. */
const mark = ({ verdict, by }: RelationPart): string =>
  by.some(({ similarity }) => Object.values(similarity ?? {}).some((one) => one !== 1))
    ? "≈"
    : marks[verdict];

/** What an edge reward found for each target relation. */
export function relationLines({ name, relations }: RewardExplanation): Lines {
  if (relations === undefined || relations.length === 0) return [];
  const rows = relations.map((part) => [
    mark(part),
    inWords(part),
    shown(part.value),
    part.because,
  ]);
  return [
    `Target relations by ${name}`,
    ...table(rows, [left, { align: "left", most: 36 }, right, left]),
  ];
}

/** Every relation of the answer: what is wrong with it, or which rewards it counts for. */
export function predictionLines({ predicted_relations, rewards }: Explanation): Lines {
  if (predicted_relations.length === 0) return [];
  const uses = rewards.flatMap(({ name, relations = [] }) =>
    relations.flatMap((part) => part.by.map(({ place }) => ({ place, name, of: inWords(part) }))),
  );
  const rows = predicted_relations.map((relation) => {
    const mine = Map.groupBy(
      uses.filter(({ place }) => place === relation.place),
      ({ of }) => of,
    );
    const told = [...mine].map(
      ([of, all]) => `${of} (${[...new Set(all.map(({ name }) => name))].join(", ")})`,
    );
    const use = told.length > 0 ? `counts for ${told.join("; ")}` : "counts for nothing";
    return [String(relation.place), inWords(relation), relation.fault ?? use];
  });
  return ["Predicted relations", ...table(rows, [right, { align: "left", most: 36 }, left])];
}
