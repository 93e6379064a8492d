import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { measureJson } from "../../src/reward/measure-json.ts";

const measure = (json: string) => measureJson(new TextEncoder().encode(json));

const depthOf = (value: unknown): number =>
  typeof value === "object" && value !== null
    ? 1 + Math.max(0, ...Object.values(value).map(depthOf))
    : 0;

const valuesOf = (value: unknown): number =>
  typeof value === "object" && value !== null
    ? Object.values(value).reduce((sum: number, entry) => sum + valuesOf(entry), 1)
    : 1;

describe("measureJson", () => {
  it.each([
    ["7", 0],
    ["[]", 1],
    ["[[]]", 2],
    ['{"a":[{}]}', 3],
    ["[],[],[]", 1],
    ['"[[[["', 0],
    ['"\\"[[[["', 0],
    ['"\\\\"[', 1],
    ['"[[[[', 0],
  ])("counts the levels of %s", (json, depth) => {
    expect(measure(json).depth).toBe(depth);
  });

  it("counts the levels of any JSON, and no value too few", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6, stringUnit: "binary" }), (value) => {
        const { depth, values } = measure(JSON.stringify(value));
        expect(depth).toBe(depthOf(value));
        expect(values).toBeGreaterThanOrEqual(valuesOf(value));
        expect(values).toBeLessThanOrEqual(3 * valuesOf(value));
      }),
    );
  });
});
