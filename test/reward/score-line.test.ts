import { describe, expect, it } from "vitest";
import { faultText } from "../../src/data/fault.ts";
import { type LineContext, readScoreLine } from "../../src/reward/score-line.ts";
import { scene } from "../core/rewards/scenes.ts";

const usual: LineContext = { task: "sgg", boxScale: [1000, 1000] };
const withDataset: LineContext = {
  ...usual,
  targetOf: (id) => (id === scene.image_id ? scene : undefined),
};
const { objects, relationships } = scene;

const read = (sent: unknown, context = usual) =>
  readScoreLine(7, typeof sent === "string" ? sent : JSON.stringify(sent), context);
const faults = (sent: unknown, context = usual) => {
  const line = read(sent, context);
  return "faults" in line ? line.faults.map(faultText) : [];
};

describe("a line to score", () => {
  it("brings a completion and a target, with ids and how it is scored", () => {
    const line = {
      ...{ completion: "{}", target: scene, request_id: "r", task: "det" },
      ...{ box_scale: [640, 480], other: "let through" },
    };
    expect(read(line)).toEqual({
      line: {
        ids: { image_id: "1", request_id: "r" },
        item: { completion: "{}", target: scene, boxScale: [640, 480], task: "det" },
      },
    });
  });

  it("is a prediction, whose target is in the dataset", () => {
    const line = { image_id: "1", response: "{}", box_scale: [1000, 1000] };
    expect(read(line, withDataset)).toEqual({
      line: {
        ids: { image_id: "1" },
        item: { completion: "{}", target: scene, boxScale: [1000, 1000], task: "sgg" },
      },
    });
  });

  it("takes its own target before the dataset's, and the usual task and box scale", () => {
    const small = { ...scene, objects: [] };
    const context = { ...withDataset, task: "cls", boxScale: [9, 9] } as const;
    expect(read({ image_id: "1", completion: "", target: small }, context)).toMatchObject({
      line: { item: { target: { objects: [] }, task: "cls", boxScale: [9, 9] } },
    });
  });

  it("needs the lists alone that its task needs", () => {
    const { image_id, width, height } = scene;
    const size = { image_id, width, height };
    expect(faults({ completion: "", task: "det", target: { ...size, objects } })).toEqual([]);
    expect(faults({ completion: "", task: "cls", target: { ...size, relationships } })).toEqual([]);
    expect(faults({ completion: "", target: size })).toEqual([
      "line 7, target.objects: nothing, expected a list of objects",
      "line 7, target.relationships: nothing, expected a list of relationships",
    ]);
  });

  it.each([
    ["{", /^line 7: broken JSON \(.*\), expected one JSON object a line$/],
    ["[1]", "line 7: [1], expected an object with a completion and a target"],
    [{ target: scene }, "line 7, completion: nothing, expected either completion or response"],
    [
      { completion: "a", response: "b", target: scene },
      "line 7, completion: it, and response too, expected either completion or response",
    ],
    [{ completion: 5, target: scene }, "line 7, completion: 5, expected text"],
    [
      { completion: "" },
      "line 7, target: nothing, expected a target, or an image_id and --dataset",
    ],
    [
      { completion: "", image_id: "9" },
      'line 7 (image_id "9"), target: nothing, expected a target, or an image_id and --dataset',
    ],
    [
      { completion: "", target: scene, task: "vqa" },
      'line 7, task: "vqa", expected one of sgg, det, cls',
    ],
    [
      { completion: "", target: scene, box_scale: [0, 1] },
      "line 7, box_scale[0]: 0, expected a positive number",
    ],
    [
      { completion: "", target: { ...scene, objects: [{ id: "a", bbox: [0, 0, 1] }] } },
      "line 7, target.objects[0].bbox: [0,0,1], expected four finite numbers",
    ],
    [
      { completion: "", target: { ...scene, width: -1 } },
      "line 7, target.width: -1, expected a positive number",
    ],
  ])("is refused in one sentence: %j", (sent, text) => {
    expect(faults(sent)).toEqual([typeof text === "string" ? text : expect.stringMatching(text)]);
  });

  it("is refused when its image is not in the dataset", () => {
    expect(faults({ completion: "", image_id: "9" }, withDataset)).toEqual([
      'line 7 (image_id "9"), image_id: "9", expected the image_id of a row of the dataset',
    ]);
  });
});
