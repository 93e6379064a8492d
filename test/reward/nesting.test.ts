import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isNestedDeeper } from "../../src/reward/nesting.ts";

const deeper = (json: string, most: number) => isNestedDeeper(new TextEncoder().encode(json), most);

describe("isNestedDeeper", () => {
  it.each([
    ["[]", 1, false],
    ["[[]]", 1, true],
    ['{"a":[{}]}', 2, true],
    ['{"a":[{}]}', 3, false],
    ["[],[],[]", 1, false],
    ['"[[[["', 0, false],
    ['"\\"[[[["', 0, false],
    ['"\\\\"[', 0, true],
    ['"[[[[', 0, false],
    ["7", 0, false],
  ])("of %s, more than %d levels: %s", (json, most, expected) => {
    expect(deeper(json, most)).toBe(expected);
  });

  it("counts the levels of any JSON", () => {
    const depthOf = (value: unknown): number =>
      typeof value === "object" && value !== null
        ? 1 + Math.max(0, ...Object.values(value).map(depthOf))
        : 0;
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6, stringUnit: "binary" }), (value) => {
        const [json, depth] = [JSON.stringify(value), depthOf(value)];
        expect(deeper(json, depth)).toBe(false);
        if (depth > 0) expect(deeper(json, depth - 1)).toBe(true);
      }),
    );
  });
});
