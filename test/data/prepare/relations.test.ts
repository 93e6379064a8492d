import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { withoutDuplicates } from "../../../src/data/prepare/relations.ts";

const relation = (subject: number, predicate: number, object: number) => ({
  subject,
  predicate,
  object,
});
const some = [relation(0, 1, 1), relation(1, 1, 0), relation(0, 2, 1), relation(0, 1, 1)];

describe("withoutDuplicates", () => {
  it("keeps all, each statement once, or one relation a pair, in their order", () => {
    expect(withoutDuplicates(some, "keep", "s")).toEqual(some);
    expect(withoutDuplicates(some, "triplets", "s")).toEqual(some.slice(0, 3));
    const [first, second, ...none] = withoutDuplicates(some, "pairs", "s");
    expect([first!.subject, first!.object, second, none]).toEqual([0, 1, relation(1, 1, 0), []]);
    expect([1, 2]).toContain(first!.predicate);
  });

  it("draws a predicate as often as it was annotated", () => {
    const drawn = Array.from(
      { length: 3000 },
      (_, seed) => withoutDuplicates(some, "pairs", `${seed}`)[0]!.predicate,
    );
    const ones = drawn.filter((predicate) => predicate === 1).length;
    expect(ones / drawn.length).toBeCloseTo(2 / 3, 1); // annotated twice, the other once
  });

  it("never adds, never repeats, and is the same again", () => {
    const index = fc.integer({ min: 0, max: 3 });
    const relations = fc.array(fc.tuple(index, index, index).map((all) => relation(...all)));
    fc.assert(
      fc.property(
        relations,
        fc.constantFrom("triplets", "pairs"),
        fc.string(),
        (all, how, seed) => {
          const left = withoutDuplicates(all, how, seed);
          expect(left).toEqual(withoutDuplicates(all, how, seed));
          expect(all).toEqual(expect.arrayContaining([...left]));
          const key = ({ subject, predicate, object }: (typeof left)[number]): string =>
            how === "pairs" ? `${subject} ${object}` : `${subject} ${predicate} ${object}`;
          const keys = left.map(key);
          expect(new Set(keys).size).toBe(keys.length);
          expect(new Set(keys)).toEqual(new Set(all.map(key)));
        },
      ),
    );
  });
});
