import { endingWith, type SpecialCases, type Token } from "./token.ts";

/** Sequences of words, as a tree that is entered with their first. */
export interface PhraseTree {
  readonly next: ReadonlyMap<string, PhraseTree>;
  readonly isEnd: boolean;
}

/** The tree of phrases; each is a list of words. */
export function phraseTree(phrases: readonly (readonly string[])[]): PhraseTree {
  const byFirst = Map.groupBy(
    phrases.filter((phrase) => phrase.length > 0),
    (phrase) => phrase[0]!,
  );
  return {
    next: new Map(
      [...byFirst].map(([word, all]) => [word, phraseTree(all.map((phrase) => phrase.slice(1)))]),
    ),
    isEnd: phrases.some((phrase) => phrase.length === 0),
  };
}

/**
 * Gives special cases their own tokens where the cutting of affixes tore them apart.
 *
 * Longer ones win over shorter, earlier over later; what one that lost has touched is lost as well.
 *
 * Source: spaCy 3.8.18 `tokenizer.pyx`, `_apply_special_cases`
 */
export function applySpecialCases(
  tokens: readonly Token[],
  phrases: PhraseTree,
  specialCases: SpecialCases,
): readonly Token[] {
  const spans = tokens.flatMap((_, start) => spansAt(tokens, start, phrases));
  if (spans.length === 0) return tokens;
  const ends = new Map(withoutOverlaps(spans).map(({ start, end }) => [start, end]));
  const result: Token[] = [];
  for (let i = 0; i < tokens.length; ) {
    const end = ends.get(i) ?? i + 1;
    const span = tokens.slice(i, end);
    result.push(...(ends.has(i) ? specialTokens(span, specialCases) : span));
    i = end;
  }
  return result;
}

interface Span {
  readonly start: number;
  readonly end: number;
}

function spansAt(tokens: readonly Token[], start: number, phrases: PhraseTree): readonly Span[] {
  const spans: Span[] = [];
  let node = phrases.next.get(tokens[start]!.orth);
  for (let end = start + 1; node; end += 1) {
    if (node.isEnd) spans.push({ start, end });
    const token = tokens[end];
    node = token && node.next.get(token.orth);
  }
  return spans;
}

function withoutOverlaps(spans: readonly Span[]): readonly Span[] {
  const length = ({ start, end }: Span): number => end - start;
  const touched = new Set<number>();
  return [...spans]
    .sort((a, b) => length(b) - length(a) || a.start - b.start)
    .filter(({ start, end }) => {
      const isFree = !touched.has(start) && !touched.has(end - 1);
      for (let i = start; i < end; i += 1) touched.add(i);
      return isFree;
    });
}

/** The text decides: tokens in a row may have spaces between them that the special case has not. */
function specialTokens(span: readonly Token[], specialCases: SpecialCases): readonly Token[] {
  const last = span.at(-1)!;
  const text = endingWith(span, false).map(({ orth, spaceAfter }) =>
    spaceAfter ? `${orth} ` : orth,
  );
  const special = specialCases.get(text.join(""));
  return special ? endingWith(special, last.spaceAfter) : span;
}
