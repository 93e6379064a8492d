import { wilson } from "../statistics/wilson.ts";
import { type AnswerKind, readVqaAnswer } from "./answer.ts";
import type { Question } from "./question.ts";

/** Accuracies in percent, and how the answers were read. */
export interface VqaScore {
  readonly questions: number;
  readonly images: number;
  readonly correct: number;
  /** Of all questions. */
  readonly acc: number;
  /** 95 % interval of `acc`. */
  readonly acc_interval: readonly [number, number];
  /** Mean over images of the accuracy within an image. */
  readonly macc: number;
  /** How many answers there are of each kind; `unanswered` have none. */
  readonly kinds: Readonly<Partial<Record<AnswerKind | "unanswered", number>>>;
}

/**
 * Scores the answers to four-way questions. A question without an answer is wrong, and counted.
 *
 * Shape:  `answers` by question_id
 * Range:  percent, [0, 100]
 * Errors: RangeError without questions
 * Source: R1-SGG v1, Table 2: Acc over all questions, mAcc the mean over images
 */
export function scoreVqa(
  questions: readonly Question[],
  answers: ReadonlyMap<string, string>,
): VqaScore {
  if (questions.length === 0) throw new RangeError("no questions to score");
  const kinds: Partial<Record<AnswerKind | "unanswered", number>> = {};
  const isRight = ({ question_id, options, answer }: Question): boolean => {
    const text = answers.get(question_id);
    const { kind, choice } =
      text === undefined
        ? ({ kind: "unanswered", choice: null } as const)
        : readVqaAnswer(text, options);
    kinds[kind] = (kinds[kind] ?? 0) + 1;
    return choice === answer;
  };
  const byImage = Map.groupBy(questions, ({ image_id }) => image_id);
  const perImage = Array.from(byImage.values(), (asked) => ({
    asked: asked.length,
    right: asked.filter(isRight).length,
  }));
  const correct = perImage.reduce((sum, { right }) => sum + right, 0);
  const shares = perImage.reduce((sum, { asked, right }) => sum + right / asked, 0);
  const [low, high] = wilson(correct, questions.length);
  return {
    questions: questions.length,
    images: perImage.length,
    correct,
    acc: (100 * correct) / questions.length,
    acc_interval: [100 * low, 100 * high],
    macc: (100 * shares) / perImage.length,
    kinds,
  };
}
