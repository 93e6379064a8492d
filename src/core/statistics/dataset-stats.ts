import { type Summary, summarise } from "./summary.ts";

/** What is counted of each row, and the names of all; lists have one entry a row. */
export interface DatasetFacts {
  readonly ids: readonly string[];
  readonly widths: readonly number[];
  readonly heights: readonly number[];
  readonly objects: readonly number[];
  readonly relations: readonly number[];
  /** How often each class of object and each predicate occurs. */
  readonly names: ReadonlyMap<string, number>;
  readonly predicates: ReadonlyMap<string, number>;
  /** Tokens of the image; of the whole prompt with it; of the answer with its end. */
  readonly imageTokens: readonly number[];
  readonly promptTokens?: readonly number[];
  readonly answerTokens?: readonly number[];
}

/** The most tokens that a run takes. */
export interface TokenLimits {
  readonly max_prompt_length: number;
  readonly max_completion_length: number;
  readonly max_model_len: number;
}

/** How often names occur, the most frequent first. */
export interface NameCounts {
  readonly names: readonly { readonly name: string; readonly count: number }[];
  readonly total: number;
  /** So many names are half of all, and so many nine tenths. */
  readonly half: number;
  readonly ninety: number;
}

/** Rows that are longer than a limit. */
export interface Exceeding {
  readonly limit: keyof TokenLimits;
  readonly most: number;
  readonly ids: readonly string[];
}

/** What a dataset is like. */
export interface DatasetStats {
  readonly rows: number;
  readonly objects: Summary;
  readonly relations: Summary;
  readonly widths: Summary;
  readonly heights: Summary;
  readonly names: NameCounts;
  readonly predicates: NameCounts;
  readonly tokens: {
    readonly image: Summary;
    readonly prompt?: Summary;
    readonly answer?: Summary;
    readonly all?: Summary;
  };
  readonly exceeding: readonly Exceeding[];
}

/**
 * What a dataset is like, out of what was counted of its rows.
 *
 * Shape:  `exceeding` has the three limits, in their order, once prompts and answers were counted;
 *         without, it is empty.
 * Unit:   pixels; tokens.
 * Range:  `max_model_len` is compared with prompt and answer together.
 * Errors: none; the lists of `facts` are of one length.
 */
export function datasetStats(facts: DatasetFacts, limits: TokenLimits): DatasetStats {
  const { promptTokens, answerTokens } = facts;
  const all = promptTokens?.map((tokens, at) => tokens + (answerTokens?.[at] ?? 0));
  const over = (limit: keyof TokenLimits, tokens: readonly number[] | undefined): Exceeding[] => {
    const most = limits[limit];
    return tokens ? [{ limit, most, ids: facts.ids.filter((_, at) => tokens[at]! > most) }] : [];
  };
  return {
    rows: facts.ids.length,
    objects: summarise(facts.objects),
    relations: summarise(facts.relations),
    widths: summarise(facts.widths),
    heights: summarise(facts.heights),
    names: nameCounts(facts.names),
    predicates: nameCounts(facts.predicates),
    tokens: {
      image: summarise(facts.imageTokens),
      ...(promptTokens && { prompt: summarise(promptTokens) }),
      ...(answerTokens && { answer: summarise(answerTokens) }),
      ...(all && { all: summarise(all) }),
    },
    exceeding: [
      ...over("max_prompt_length", promptTokens),
      ...over("max_completion_length", answerTokens),
      ...over("max_model_len", all),
    ],
  };
}

/**
 * Names by how often they occur; equally frequent ones by the alphabet.
 *
 * Errors: none.
 */
export function nameCounts(counts: ReadonlyMap<string, number>): NameCounts {
  const names = [...counts]
    .map(([name, count]) => ({ name, count }))
    .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
  const total = names.reduce((sum, { count }) => sum + count, 0);
  const toReach = (share: number): number => {
    let sum = 0;
    const at = names.findIndex(({ count }) => {
      sum += count;
      return sum >= share * total;
    });
    return at + 1;
  };
  return { names, total, half: toReach(0.5), ninety: toReach(0.9) };
}
