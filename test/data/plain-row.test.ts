import fc from "fast-check";
import { expect, it } from "vitest";
import { plainRow } from "../../src/data/plain-row.ts";
import { rowSchema } from "../../src/data/row.ts";

const row = {
  image_id: "a",
  image_path: "a.png",
  width: 200,
  height: 100,
  coco_id: 417720,
  objects: [
    { id: "cat.1", bbox: [0, 0, 100, 50], more: 1 },
    { id: "hat.2", bbox: [20.5, 20, 40, 40] },
  ],
  relationships: [{ subject: "cat.1", predicate: "wears", object: "hat.2", more: 1 }],
  prompt_open: "",
  more: { anything: [1] },
};

it("reads the usual row as the schema does", () => {
  expect(plainRow(row)).toEqual(rowSchema.parse(row));
  expect(plainRow(row)).toBeDefined();
});

/** Values that may stand where something else should. */
const odd = fc.constantFrom<unknown>(
  ...[null, undefined, "", "x", "x.1", ".1", "a.b.1", "x.1\n", 0, -1, 1.5, 2 ** 60],
  ...[Number.POSITIVE_INFINITY, true, [], {}, [1, 2, 3], [1, 2, 3, "4"], [1, 2, 3, 1e308], "[]"],
);

/** The row with some of its values, however deep, replaced by odd ones or taken away. */
const spoilt = (value: unknown): fc.Arbitrary<unknown> => {
  const kept: fc.Arbitrary<unknown> =
    Array.isArray(value) && value.length > 0
      ? fc.tuple(...value.map(spoilt))
      : typeof value === "object" && value !== null && !Array.isArray(value)
        ? fc.record(Object.fromEntries(Object.entries(value).map(([k, v]) => [k, spoilt(v)])))
        : fc.constant(value);
  return fc.oneof({ arbitrary: kept, weight: 30 }, { arbitrary: odd, weight: 1 });
};

it("agrees with the schema about every row that it takes, and leaves it every faulty one", () => {
  let taken = 0;
  fc.assert(
    fc.property(spoilt(row), (value) => {
      const plain = plainRow(value);
      const parsed = rowSchema.safeParse(value);
      if (plain === undefined) return;
      taken += 1;
      expect(parsed.success).toBe(true);
      expect(plain).toEqual(parsed.data);
    }),
    { numRuns: 3000 },
  );
  expect(taken).toBeGreaterThan(300);
});
