import { describe, expect, it } from "vitest";
import { randomStream } from "../../../src/core/random-stream.ts";
import { answerOf } from "../../../src/data/answer.ts";
import { questionAbout } from "../../../src/data/scenes/question.ts";

const scene = {
  image_id: "a",
  width: 140,
  height: 140,
  objects: [
    { id: "apple.1", bbox: [35, 0, 70, 35] as const },
    { id: "box.2", bbox: [0, 35, 140, 140] as const },
    { id: "pebble.3", bbox: [10, 10, 20, 20] as const },
  ],
  relationships: [{ subject: "apple.1", predicate: "on", object: "box.2" }],
};
const asked = Array.from({ length: 1000 }, (_, index) =>
  questionAbout(scene, "Graph, please.", randomStream(`test/${index}`)),
);
const answersTo = (question: string) => [
  ...new Set(asked.filter((one) => one.question === question).map(({ answer }) => answer)),
];

describe("questionAbout", () => {
  it("asks where, what, how and for the graph, and answers rightly", () => {
    expect(answersTo("Where is the apple?")).toEqual(["[250, 0, 500, 250]"]);
    expect(answersTo("Where is the box?")).toEqual(["[0, 250, 1000, 1000]"]);
    expect(answersTo("What is there, and where?")).toEqual([
      "apple [250, 0, 500, 250]\nbox [0, 250, 1000, 1000]",
    ]);
    expect(answersTo("What stands how to what?")).toEqual(["apple on box"]);
    expect(answersTo("Graph, please.")).toEqual([answerOf(scene, "objects")]);
    expect(new Set(asked.map(({ question }) => question)).size).toBe(5);
  });

  it("does not ask how one thing stands", () => {
    const alone = { ...scene, relationships: [] };
    const questions = Array.from({ length: 200 }, (_, index) =>
      questionAbout(alone, "Graph, please.", randomStream(`test/${index}`)),
    );
    expect(new Set(questions.map(({ question }) => question)).size).toBe(4);
  });

  it("asks for the graph one time in eight", () => {
    const graphs = asked.filter(({ question }) => question === "Graph, please.").length;
    expect(graphs / asked.length).toBeCloseTo(0.12, 1);
  });
});
