import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Target } from "../../src/core/graph/scene-graph.ts";
import { answerOf } from "../../src/data/answer.ts";
import { pythonJson } from "../../src/data/python-json.ts";

const target: Target = {
  image_id: "a",
  width: 640,
  height: 333,
  objects: [
    { id: "café.1", bbox: [0, 1, 640, 333] },
    { id: "dog.2", bbox: [1, 100.5, 639, 332] },
  ],
  relationships: [
    { subject: "dog.2", predicate: "in front of", object: "café.1" },
    { subject: "café.1", predicate: 'has "a"', object: "dog.2" },
  ],
};

// json.dumps and int(x / W * 1000) of CPython 3.11 on the target above
const lines = [
  "```json",
  "{",
  '  "objects": [',
  '{"id": "caf\\u00e9.1", "bbox": [0, 3, 1000, 1000]},',
  '{"id": "dog.2", "bbox": [1, 301, 998, 996]}',
  "  ],",
  '  "relationships": [',
  '{"subject": "dog.2", "predicate": "in front of", "object": "caf\\u00e9.1"},',
  '{"subject": "caf\\u00e9.1", "predicate": "has \\"a\\"", "object": "dog.2"}',
  "  ]",
  "}",
  "```",
  "",
];

describe("answerOf", () => {
  it("is the reference's answer, sign for sign", () => {
    expect(answerOf(target)).toBe(lines.join("\n"));
  });

  it("keeps its lines where a list is empty", () => {
    expect(answerOf({ ...target, objects: [], relationships: [] })).toBe(
      '```json\n{\n  "objects": [\n\n  ],\n  "relationships": [\n\n  ]\n}\n```\n',
    );
  });

  it("has the objects alone for the task det, the relations alone for cls", () => {
    const [objects, relations] = [lines.slice(3, 5), lines.slice(7, 9)];
    const only = (name: string, list: readonly string[]) =>
      ["```json", "{", `  "${name}": [`, ...list, "  ]", "}", "```", ""].join("\n");
    expect(answerOf(target, "none", "det")).toBe(only("objects", objects));
    expect(answerOf(target, "none", "cls")).toBe(only("relationships", relations));
  });

  it("puts what the row thinks before the answer in its tags, as the reference does", () => {
    const thinks = { ...target, think: "<think>Two.</think>" };
    expect(answerOf(thinks, "column")).toBe(
      `<think>Two.</think><answer>\n${lines.join("\n")}\n</answer>`,
    );
    expect(answerOf(target, "column")).toBe(lines.join("\n"));
  });

  it("can name the objects first, each kind once, and answers in tags", () => {
    const objects = [...target.objects, { id: "dog.3", bbox: [0, 0, 1, 1] as const }];
    const answer = answerOf({ ...target, objects }, "objects");
    expect(
      answer.startsWith("<think>The image shows: café, dog.</think>\n<answer>\n```json\n{\n"),
    ).toBe(true);
    expect(answer.endsWith("\n}\n```\n</answer>")).toBe(true);
    expect(answerOf({ ...target, objects: [] }, "objects")).toContain("shows no objects.</think>");
  });

  it("reads back as the same graph, each box within a thousandth of the image", () => {
    const size = fc.integer({ min: 1, max: 4000 });
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        size,
        size,
        fc.array(fc.tuple(fc.string(), share, share)),
        (width, height, list) => {
          const objects = list.map(([name, x, y], index) => ({
            id: `${name}.${index + 1}`,
            bbox: [0, y * height, x * width, height] as const,
          }));
          const relationships = objects.map(({ id }) => ({
            subject: id,
            predicate: id,
            object: id,
          }));
          const answer = answerOf({ image_id: "a", width, height, objects, relationships });
          const read = JSON.parse(
            answer.replaceAll("```json", "").replaceAll(/```\n$/g, ""),
          ) as Target;
          expect(read.relationships).toEqual(relationships);
          for (const [index, { id, bbox }] of read.objects.entries()) {
            const truth = objects[index]!;
            const scale = [width, height, width, height];
            expect(id).toBe(truth.id);
            for (const [edge, value] of bbox.entries()) {
              const error = truth.bbox[edge]! / scale[edge]! - value / 1000;
              expect(error >= -1e-12 && error < 0.001 + 1e-12).toBe(true);
            }
          }
        },
      ),
    );
  });
});

describe("pythonJson", () => {
  it.each([
    ["plain", '"plain"'],
    ['"\\/', '"\\"\\\\/"'],
    ["\b\t\n\f\r\u0001\u007f", '"\\b\\t\\n\\f\\r\\u0001\\u007f"'],
    ["ä日😀", '"\\u00e4\\u65e5\\ud83d\\ude00"'],
    ["\ud800", '"\\ud800"'],
  ])("writes %j as json.dumps does", (value, expected) => {
    expect(pythonJson(value)).toBe(expected);
  });

  it("separates by comma and colon with a space each", () => {
    expect(pythonJson({ a: [1, -2, []], b: {} })).toBe('{"a": [1, -2, []], "b": {}}');
  });

  it("refuses what Python would write otherwise", () => {
    expect(() => pythonJson(0.5)).toThrow(RangeError);
    expect(() => pythonJson(Number.NaN)).toThrow(RangeError);
  });
});
