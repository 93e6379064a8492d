import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cutCompletion } from "../../src/reward/cut-completion.ts";

const pads = (count: number) => `<|vision_start|>${"<|image_pad|>".repeat(count)}<|vision_end|>`;
const prompt = `<|im_start|>user\n${pads(1)}Name it.<|im_end|>\n<|im_start|>assistant\n`;

describe("cutCompletion", () => {
  it.each([
    ["the prompt as it was", prompt, prompt],
    ["an image's pad for each patch", prompt.replace(pads(1), pads(64)), prompt],
    ["composed letters", "caf\u00e9 in Paris: ", "cafe\u0301 in Paris: "],
    ["a prompt without its beginning", prompt.slice(20), prompt],
    ["a beginning inside a letter", `\ufffd\ufffd${prompt.slice(20)}`, prompt],
    ["a cut prompt that repeats itself", "ab ab ab ab ab ab: ", "ab ab ab ab ab ab ab ab: "],
    ["no prompt", "", ""],
  ])("finds it after %s", (_, sent, asked) => {
    expect(cutCompletion(`${sent}a cat`, asked)).toBe("a cat");
  });

  it("keeps a completion that repeats its prompt", () => {
    expect(cutCompletion(prompt + prompt, prompt)).toBe(prompt);
    expect(cutCompletion(prompt.slice(20) + prompt, prompt)).toBe(prompt);
  });

  it("gives nothing when they do not belong together", () => {
    expect(cutCompletion("a cat", prompt)).toBeUndefined();
    expect(cutCompletion(`assistant\na cat`, prompt)).toBeUndefined(); // too little to be sure
  });

  it("gives any completion after any prompt back", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, completion) => {
        expect(cutCompletion(before + completion, before)).toBe(completion);
      }),
    );
  });

  it("takes time in proportion to the text, also where everything repeats", () => {
    const long = "a".repeat(2_000_000);
    expect(cutCompletion(`b${long}`, `c${long}`)).toBeUndefined();
    expect(cutCompletion(long, `${long}b${long}`)).toBe("");
  });
});
