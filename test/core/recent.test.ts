import fc from "fast-check";
import { expect, it } from "vitest";
import { recent } from "../../src/core/recent.ts";

it("gives back what it was given, and nothing else", () => {
  const map = recent<number>(10);
  expect(map.set("a", 1)).toBe(1);
  expect([map.get("a"), map.get("b")]).toEqual([1, undefined]);
});

it("forgets the oldest, but not what was asked for in between", () => {
  const map = recent<number>(6);
  for (const [i, key] of ["a", "b", "c", "a", "d"].entries()) map.get(key) ?? map.set(key, i);
  map.set("e", 5);
  expect(["a", "b", "c", "d", "e"].map(map.get)).toEqual([0, undefined, undefined, 4, 5]);
});

it("holds no more than its capacity, whatever it is given", () => {
  const use = fc.tuple(fc.string({ maxLength: 2 }), fc.boolean());
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 20 }),
      fc.array(use, { maxLength: 200 }),
      (most, uses) => {
        const map = recent<string>(most);
        for (const [key, isGet] of uses) {
          if (isGet) expect([key, undefined]).toContain(map.get(key));
          else map.set(key, key);
          expect(map.size()).toBeLessThanOrEqual(most);
        }
      },
    ),
  );
});

it("counts what a key costs", () => {
  const map = recent<number>(100, (key) => key.length);
  for (let i = 0; i < 100; i += 1) map.set(`${i}`.padStart(10), i);
  expect(map.size()).toBeLessThanOrEqual(10);
});
