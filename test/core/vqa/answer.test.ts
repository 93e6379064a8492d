import fc from "fast-check";
import { expect, test } from "vitest";
import { readVqaAnswer } from "../../../src/core/vqa/answer.ts";

const options = ["on", "standing on", "holding", "part of"];

test.each([
  ["A", "letter", 0],
  ["B.", "letter", 1],
  ["(C)", "letter", 2],
  [" **D** ", "letter", 3],
  ["D)", "letter", 3],
  ["The answer is C.", "letter", 2],
  ["Answer: b", "letter", 1],
  ["The correct option is (D), since they touch.", "letter", 3],
  ["<think>A or B?</think><answer>B</answer>", "letter", 1],
  ["A) on", "letter and text", 0],
  ["B) standing on", "letter and text", 1],
  ["The most appropriate relationship is B) standing on.", "letter and text", 1],
  ["Option C: the man is holding the cup.", "letter and text", 2],
  ["standing on", "text", 1],
  ["Holding.", "text", 2],
  ["The man is standing on the board.", "text", 1],
  ["The relationship is part of.", "text", 3],
  ["A man is holding a cup.", "text", 2],
  ["A) holding", "contradiction", null],
  ["A or B)", "several", null],
  ["Both A and C", "several", null],
  ["A) on or B) standing on", "several", null],
  ["It is on it and holding it.", "several", null],
  ["Onward, withholding judgement", "other", null],
  ["I'm sorry, I cannot see the objects.", "refusal", null],
  ["The image is not clear.", "refusal", null],
  ["", "empty", null],
  [" \n", "empty", null],
  ["<think>hm</think>", "empty", null],
  ["Based on the image, the answer is C.", "letter", 2],
  ["Based on the image, the man is holding the cup.", "text", 2],
  ["The object at [1, 2, 3, 4] is part of the object at [5, 6, 7, 8].", "text", 3],
  ["Of the two objects in this picture the first is to the left of the second.", "other", null],
  ["It is standing on the right side of the board.", "text", 1],
  ["It is on the board, based on what is visible.", "text", 0],
  ["I cannot tell from the given image.", "refusal", null],
  ["A man is riding.", "other", null],
  ["E", "other", null],
])("%j is %s", (text, kind, choice) => {
  expect(readVqaAnswer(text, options)).toEqual({ kind, choice });
});

test("any text is read, and a choice comes with a kind that has one", () => {
  const word = fc.constantFrom(
    ...options,
    "A)",
    "B",
    "(C)",
    "answer",
    "is",
    "sorry",
    "\n",
    "a man",
  );
  const text = fc.oneof(
    fc.string(),
    fc.array(word).map((words) => words.join(" ")),
  );
  fc.assert(
    fc.property(text, (answer) => {
      const { kind, choice } = readVqaAnswer(answer, options);
      expect(choice !== null).toBe(["letter", "text", "letter and text"].includes(kind));
    }),
  );
});

test("an option with signs of regular expressions is taken literally", () => {
  const strange = ["a+b", "(x", "[y", "z?"];
  expect(readVqaAnswer("it is (x", strange)).toEqual({ kind: "text", choice: 1 });
  expect(readVqaAnswer("aab", strange)).toEqual({ kind: "other", choice: null });
});
