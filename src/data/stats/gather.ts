import { imageTokens, type ResizeLimits } from "../../core/geometry/smart-resize.ts";
import { category } from "../../core/graph/names.ts";
import { randomStream } from "../../core/random-stream.ts";
import type { DatasetFacts } from "../../core/statistics/dataset-stats.ts";
import { streamRows } from "../load.ts";
import type { Row } from "../row.ts";
import type { RowTokens } from "./row-tokens.ts";

/** What is gathered of a dataset beside its numbers. */
export interface GatherOptions {
  readonly limits: ResizeLimits;
  /** Counts a row's tokens; without, only those of images are known. */
  readonly tokensOf?: ((row: Row) => RowTokens) | undefined;
  /** How many rows are kept to be shown, drawn by `seed`. */
  readonly sample: number;
  readonly seed: number;
  readonly onRows?: (rows: number) => void;
}

/** The numbers of a dataset, some of its rows, and how many could not be used. */
export interface Gathered {
  readonly facts: DatasetFacts;
  readonly sample: readonly Row[];
  readonly faulty: number;
}

/**
 * Counts what there is to count in a dataset, row by row; images are not decoded.
 *
 * Rows with faults are left out. Holds a few numbers a row.
 *
 * Errors: SggError DATA when a file cannot be read.
 */
export async function gatherFacts(
  files: readonly string[],
  options: GatherOptions,
): Promise<Gathered> {
  const { limits, tokensOf, onRows } = options;
  const facts = {
    ...{ ids: [] as string[], widths: [] as number[], heights: [] as number[] },
    ...{ objects: [] as number[], relations: [] as number[], imageTokens: [] as number[] },
    ...{ names: new Map<string, number>(), predicates: new Map<string, number>() },
    ...(tokensOf && { promptTokens: [] as number[], answerTokens: [] as number[] }),
  };
  const sample = reservoir(options.sample, options.seed);
  let faulty = 0;
  for await (const read of streamRows(files, { images: false })) {
    if ("faults" in read || stretched(read.row)) {
      faulty += 1;
      continue;
    }
    const { row } = read;
    facts.ids.push(row.image_id);
    facts.widths.push(row.width);
    facts.heights.push(row.height);
    facts.objects.push(row.objects.length);
    facts.relations.push(row.relationships.length);
    for (const { id } of row.objects) increment(facts.names, category(id));
    for (const { predicate } of row.relationships) increment(facts.predicates, predicate);
    const tokens = tokensOf?.(row);
    facts.imageTokens.push(tokens?.image ?? imageTokens(row, limits));
    if (tokens) {
      facts.promptTokens?.push(tokens.prompt);
      facts.answerTokens?.push(tokens.answer);
    }
    sample.take(row);
    onRows?.(facts.ids.length);
  }
  return { facts, sample: sample.rows(), faulty };
}

/** An image that no model of this family takes: more than 200 times as long as wide. */
const stretched = ({ width, height }: Row): boolean =>
  Math.max(width, height) / Math.min(width, height) > 200;

const increment = (counts: Map<string, number>, name: string): void => {
  counts.set(name, (counts.get(name) ?? 0) + 1);
};

/** Keeps so many of the rows that come by, each as likely as the next, in their order. */
function reservoir(size: number, seed: number) {
  const random = randomStream(`sample ${seed}`);
  const kept: { readonly at: number; readonly row: Row }[] = [];
  let seen = 0;
  return {
    take: (row: Row) => {
      const place = seen < size ? seen : Math.floor(random.between(0, seen + 1));
      if (place < size) kept[place] = { at: seen, row };
      seen += 1;
    },
    rows: () => kept.toSorted((a, b) => a.at - b.at).map(({ row }) => row),
  };
}
