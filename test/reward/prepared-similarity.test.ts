import { describe, expect, it } from "vitest";
import { SggError } from "../../src/errors.ts";
import { withPreparedPairs } from "../../src/reward/prepared-similarity.ts";

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

describe("withPreparedPairs", () => {
  it("asks again for the pairs that only the first answers lead to", async () => {
    const provider = elsewhere({ ab: 0.25, cd: 0.5 });
    const result = await withPreparedPairs(provider, async (similarity) =>
      similarity("a", "b") > 0 ? similarity("c", "d") : -1,
    );
    expect(result).toBe(0.5);
    expect(provider.asked).toEqual([["ab"], ["ab", "cd"]]);
  });

  it("works once where nothing is asked", async () => {
    const provider = elsewhere({});
    let times = 0;
    await withPreparedPairs(provider, async () => {
      times += 1;
    });
    expect([times, provider.asked]).toEqual([1, []]);
  });

  it("is a 503 when the answers cannot be had, and a bug stays a bug", async () => {
    const failing = (error: Error) =>
      withPreparedPairs(
        { similarity: () => 0, prepare: () => Promise.reject(error) },
        async (similarity) => similarity("a", "b"),
      );
    await expect(failing(new SggError("LAUNCH", "no route"))).rejects.toMatchObject({
      statusCode: 503,
      message: "Cannot score the request now: no route",
    });
    await expect(failing(new TypeError("a bug"))).rejects.toThrow(TypeError);
  });
});
