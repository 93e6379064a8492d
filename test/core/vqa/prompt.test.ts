import { expect, test } from "vitest";
import { vqaPrompt } from "../../../src/core/vqa/prompt.ts";
import type { Question } from "../../../src/core/vqa/question.ts";
import { settings } from "../../../src/core/vqa/setting.ts";

const question: Question = {
  question_id: "7-0",
  image_id: "7",
  width: 640,
  height: 480,
  subject: { name: "man", bbox: [0.4, 0.6, 10, 20] },
  object: { name: "bike", bbox: [5, 10, 30, 40] },
  options: ["on", "riding", "near", "has"],
  answer: 1,
};
const asked = (name: string) => vqaPrompt(question, settings.find((one) => one.name === name)!);
const end =
  "Choose the most appropriate relationship from the following options: A) on; B) riding; C) near; D) has.";

test("the original text is the paper's", () => {
  expect(asked("original")).toBe(
    `Analyze the relationship between the object "man" at [0, 1, 10, 20] and the object "bike" at [5, 10, 30, 40] in an image of size (640x480). The bounding boxes are in [x1, y1, x2, y2] format. ${end}`,
  );
});

test("without categories no name is left", () => {
  expect(asked("no-categories")).toBe(
    `Analyze the relationship between the object at [0, 1, 10, 20] and the object at [5, 10, 30, 40] in an image of size (640x480). The bounding boxes are in [x1, y1, x2, y2] format. ${end}`,
  );
});

test("without boxes no box is left, nor the words about them", () => {
  expect(asked("no-boxes")).toBe(
    `Analyze the relationship between the object "man" and the object "bike" in an image of size (640x480). ${end}`,
  );
});

test("a mask changes the image alone", () => {
  for (const { name, mask } of settings) {
    if (mask !== "none")
      expect(asked(name)).toBe(asked(name.replace(/\+?mask-\w+$/, "") || "original"));
  }
});

test("nine settings, of nine names, in the order of the paper's rows", () => {
  expect(settings.map(({ row }) => row)).toEqual([
    ...["org. img.", "mask img.", "mask obj."],
    ...["wo cats.", "wo cats. + mask img.", "wo cats. + mask obj."],
    ...["wo box.", "wo box. + mask img.", "wo box. + mask obj."],
  ]);
  expect(new Set(settings.map(({ name }) => name)).size).toBe(9);
});
