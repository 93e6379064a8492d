import { describe, expect, it } from "vitest";
import { SggError } from "../../src/errors.ts";
import { withSimilarity } from "../../src/reward/prepared-similarity.ts";

type Pair = readonly [string, string];

/** A provider that knows what was prepared, and fails for what was not. */
function elsewhere(answers: Readonly<Record<string, number>>) {
  const asked: string[][] = [];
  const known = new Map<string, number>();
  return {
    asked,
    similarity: (a: string, b: string): number => {
      const value = known.get(a + b);
      if (value === undefined) throw new RangeError(`${a} and ${b} were not prepared`);
      return value;
    },
    prepare: async (pairs: Iterable<Pair>) => {
      const keys = [...pairs].map(([a, b]) => a + b);
      asked.push(keys);
      for (const key of keys) known.set(key, answers[key] ?? 0);
    },
  };
}

describe("withSimilarity", () => {
  it("asks again for the pairs that only the first answers lead to", async () => {
    const provider = elsewhere({ ab: 0.25, cd: 0.5 });
    const result = await withSimilarity(provider, async (similarity) =>
      similarity("a", "b") > 0 ? similarity("c", "d") : -1,
    );
    expect(result).toBe(0.5);
    expect(provider.asked).toEqual([["ab"], ["ab", "cd"]]);
  });

  it("works once where nothing is asked", async () => {
    const provider = elsewhere({});
    let times = 0;
    await withSimilarity(provider, async () => {
      times += 1;
    });
    expect([times, provider.asked]).toEqual([1, []]);
  });

  it("fails as the preparation does", async () => {
    const prepare = () => Promise.reject(new SggError("LAUNCH", "no route"));
    const work = (similarity: (a: string, b: string) => number) => similarity("a", "b");
    await expect(withSimilarity({ similarity: () => 0, prepare }, work)).rejects.toThrow(
      "no route",
    );
  });

  it("is simply there where nothing needs preparation", async () => {
    expect(await withSimilarity({ similarity: () => 0.5 }, (alike) => alike("a", "b"))).toBe(0.5);
  });
});
