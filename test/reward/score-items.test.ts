import { expect, it } from "vitest";
import { exactSimilarity } from "../../src/core/similarity/similarity.ts";
import { createScoreItems } from "../../src/reward/score-items.ts";
import { defaultScoring, defaultWorkers } from "../../src/reward/settings.ts";
import { goodCompletion, goodRewards, goodTarget } from "../helpers/reward-request.ts";

const exact = { name: "exact", identity: "equal terms", similarity: exactSimilarity };
const item = {
  completion: goodCompletion,
  target: goodTarget,
  boxScale: [100, 100],
  task: "sgg",
} as const;

it("lets other work of the thread have its turn in the middle of a long request", async () => {
  const score = createScoreItems(defaultScoring, exact);
  let [turns, isDone] = [0, false];
  const takeTurn = (): void => {
    turns += 1;
    if (!isDone) setImmediate(takeTurn);
  };
  setImmediate(takeTurn);
  const scores = await score(Array(20_000).fill(item), Object.keys(goodRewards));
  isDone = true;
  expect(scores).toHaveLength(20_000);
  expect(turns).toBeGreaterThan(5);
});

it("scores with a similarity that is prepared first as with one that is there", async () => {
  const pairs = new Set<string>();
  const elsewhere = {
    ...exact,
    similarity: (a: string, b: string) => {
      if (!pairs.has(a + b)) throw new RangeError("not prepared");
      return exactSimilarity(a, b);
    },
    prepare: async (asked: Iterable<readonly [string, string]>) => {
      for (const [a, b] of asked) pairs.add(a + b);
    },
  };
  const score = createScoreItems(defaultScoring, elsewhere);
  const [one] = await score([item], Object.keys(goodRewards));
  expect(one?.rewards).toEqual(goodRewards);
});

it.each([
  [1, 0],
  [2, 1],
  [5, 4],
  [288, 8],
])("of %d cores gives %d to scoring", (cores, workers) => {
  expect(defaultWorkers(cores)).toBe(workers);
});
