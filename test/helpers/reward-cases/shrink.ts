import type { RewardCase } from "./cases.ts";

/** Says of each case whether it still shows the fault. */
export type Shows = (cases: readonly RewardCase[]) => Promise<readonly boolean[]>;

/** Every round asks Python once, which takes some seconds. */
const rounds = 8;

const sizeOf = ({ completion, target }: RewardCase): number =>
  completion.length + JSON.stringify(target).length;

/** A case about as small as cutting makes it that still shows a fault. */
export async function shrink(start: RewardCase, shows: Shows): Promise<RewardCase> {
  let best = start;
  for (let round = 0; round < rounds; round += 1) {
    const candidates = cuts(best);
    const shown = await shows(candidates);
    const smallest = candidates
      .filter((_, i) => shown[i])
      .reduce((least, one) => (sizeOf(one) < sizeOf(least) ? one : least), best);
    if (smallest === best) return best;
    best = smallest;
  }
  return best;
}

/** Everything with one piece of the text, or one or half of the objects or relations, less. */
function cuts(of: RewardCase): readonly RewardCase[] {
  const { completion, target } = of;
  const texts = new Set([...pieceCuts(completion), ...jsonCuts(completion)]);
  return [
    ...[...texts].map((text) => ({ ...of, completion: text })),
    ...without(target.objects).map((objects) => ({ ...of, target: { ...target, objects } })),
    ...without(target.relationships).map((relationships) => ({
      ...of,
      target: { ...target, relationships },
    })),
  ];
}

const without = <T>(list: readonly T[]): readonly (readonly T[])[] => [
  [],
  list.slice(0, list.length >> 1),
  list.slice(list.length >> 1),
  ...list.map((_, i) => list.toSpliced(i, 1)),
];

/** The text without a half, without a quarter, and so on. */
function pieceCuts(text: string): readonly string[] {
  const cut: string[] = [];
  for (let parts = 2; parts <= 64 && parts <= text.length; parts *= 2) {
    const length = Math.ceil(text.length / parts);
    for (let at = 0; at < text.length; at += length) {
      cut.push(text.slice(0, at) + text.slice(at + length));
    }
  }
  return cut;
}

/** The text without one innermost bracket and what is in it, with or without the comma. */
const jsonCuts = (text: string): readonly string[] =>
  [...text.matchAll(/,?\s*\{[^{}]*\}|\{[^{}]*\}\s*,\s*/g)].map(
    ({ 0: found, index }) => text.slice(0, index) + text.slice(index + found.length),
  );
