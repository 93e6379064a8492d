import { expect, test } from "vitest";
import { vg150 } from "../../../src/core/classes/vg150.ts";
import { wilson } from "../../../src/core/statistics/wilson.ts";
import { type Question, questionsOf } from "../../../src/core/vqa/question.ts";
import { scoreVqa } from "../../../src/core/vqa/score.ts";

const relation = (predicate: string) => ({ subject: "man.1", predicate, object: "bike.2" });
const scene = (image_id: string, predicates: readonly string[]) => ({
  image_id,
  width: 10,
  height: 10,
  objects: [
    { id: "man.1", bbox: [0, 0, 5, 5] as const },
    { id: "bike.2", bbox: [1, 1, 9, 9] as const },
  ],
  relationships: predicates.map(relation),
});
const ask = (image_id: string, predicates: readonly string[]): readonly Question[] =>
  questionsOf(scene(image_id, predicates), vg150.predicates, 0);

test("Acc counts questions, mAcc images", () => {
  const questions = [...ask("1", ["riding", "on", "near"]), ...ask("2", ["has"])];
  const right = ({ options, answer }: Question) => options[answer]!;
  // image 1: one of three right, image 2: one of one
  const answers = new Map([
    ["1-0", right(questions[0]!)],
    ["1-1", "I cannot tell"],
    ["2-0", "ABCD"[questions[3]!.answer]!],
  ]);
  const score = scoreVqa(questions, answers);
  expect(score).toMatchObject({ questions: 4, images: 2, correct: 2, acc: 50 });
  expect(score.macc).toBeCloseTo((100 / 3 + 100) / 2, 10);
  expect(score.kinds).toEqual({ text: 1, refusal: 1, unanswered: 1, letter: 1 });
});

test("a model that always says A is right in a quarter of the cases, within its interval", () => {
  const questions = Array.from({ length: 200 }, (_, i) => ask(`${i}`, ["riding"])).flat();
  const { acc_interval } = scoreVqa(
    questions,
    new Map(questions.map(({ question_id }) => [question_id, "A"])),
  );
  expect(acc_interval[0]).toBeLessThan(25);
  expect(acc_interval[1]).toBeGreaterThan(25);
});

test("the interval of a share is Wilson's", () => {
  // z = 1.959964: computed from the formula in Python
  expect(wilson(50, 200)[0]).toBeCloseTo(0.195081680068, 10);
  expect(wilson(50, 200)[1]).toBeCloseTo(0.31434098312, 10);
  expect(wilson(0, 10)[0]).toBe(0);
  expect(wilson(10, 10)[1]).toBe(1);
  expect(() => wilson(3, 2)).toThrow(RangeError);
});

test("no questions have no score", () => {
  expect(() => scoreVqa([], new Map())).toThrow(RangeError);
});
