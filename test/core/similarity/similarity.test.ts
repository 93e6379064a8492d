import { describe, expect, it } from "vitest";
import { OverLimit } from "../../../src/core/limits.ts";
import {
  amongUnicode,
  exactSimilarity,
  nameFault,
} from "../../../src/core/similarity/similarity.ts";

describe("nameFault", () => {
  it.each([
    ["traffic light", undefined],
    ["a".repeat(16_384), undefined],
    ["a".repeat(16_385), "a name of 16385 characters, at most 16384"],
    ["a ".repeat(512), undefined],
    ["a ".repeat(513), "a name of 513 words, at most 512"],
    ["'".repeat(513), "a name of 513 words, at most 512"],
    ["Ü9".repeat(600), undefined],
  ])("of %.20s is %s", (name, fault) => {
    expect(nameFault(name)).toBe(fault);
  });
});

describe("amongUnicode", () => {
  const similarity = amongUnicode(exactSimilarity);
  const long = "a ".repeat(513);

  it("is NaN for what is no Unicode", () => {
    expect(similarity("\ud800", "a")).toBeNaN();
    expect(similarity("a", "a")).toBe(1);
  });

  it("stops at a name that is too long to be compared, on either side, but for its equal", () => {
    expect(() => similarity(long, "a")).toThrow(OverLimit);
    expect(() => similarity("a", long)).toThrow(OverLimit);
    expect(similarity(long, long)).toBe(1);
  });
});
