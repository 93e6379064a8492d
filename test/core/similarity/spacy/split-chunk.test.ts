import { expect, it } from "vitest";
import { splitChunk } from "../../../../src/core/similarity/spacy/split-chunk.ts";
import { plainToken } from "../../../../src/core/similarity/spacy/token.ts";

const patterns = { prefix: /^[([]/, suffix: /[)\]]$/, infix: /[-+]/g, url: /^[\w-]+\.org$/ };

const split = (chunk: string, ...special: readonly string[]): readonly string[] =>
  splitChunk(chunk, patterns, new Map(special.map((text) => [text, [plainToken(`${text}!`)]]))).map(
    ({ orth }) => orth,
  );

it("takes prefixes and suffixes off until nothing more comes off", () => {
  expect(split("([a)])")).toEqual(["(", "[", "a", ")", "]", ")"]);
  expect(split("(((")).toEqual(["(", "(", "("]);
  expect(split("plain")).toEqual(["plain"]);
});

it("leaves a special case whole", () => {
  expect(split("(a)", "(a)")).toEqual(["(a)!"]);
  expect(split("[(a)]", "(a)")).toEqual(["[", "(a)!", "]"]);
});

it("takes off one end alone where that leaves a special case, the front before the back", () => {
  expect(split("(a)", "a)")).toEqual(["(", "a)!"]);
  expect(split("(a)", "(a")).toEqual(["(a!", ")"]);
  expect(split("(a)", "a)", "(a")).toEqual(["(", "a)!"]);
});

it("cuts at infixes, but not at one in front", () => {
  expect(split("a-b+-c")).toEqual(["a", "-", "b", "+", "-", "c"]);
  expect(split("-a-b-")).toEqual(["-a", "-", "b", "-"]);
});

it("does not cut what looks like a URL", () => {
  expect(split("(a-b.org)")).toEqual(["(", "a-b.org", ")"]);
  expect(split("a-b.com")).toEqual(["a", "-", "b.com"]);
});
