import type { SceneObject, Target } from "../core/graph/scene-graph.ts";
import type { Task } from "../core/rewards/reward.ts";
import { pythonJson } from "./python-json.ts";

/** How an answer thinks before it speaks: not at all, by naming the objects, or as the row has it. */
export type Think = "none" | "objects" | "column";

/** What an answer is made of: `think` is the row's own, where the dataset has such a column. */
export type Answerable = Target & { readonly think?: string };

/**
 * The answer that SFT teaches for an image: its scene graph as fenced JSON.
 *
 * One object or relation a line, as Python's `json.dumps` writes it. Objects keep their order, and
 * so do relations. The answer to `det` has the objects alone, that to `cls` the relations.
 *
 * Unit: boxes of the target in pixels; in the answer thousandths of width and height, truncated:
 * `int(x / W * 1000)`, for every model.
 * Source: R1-SGG e4de64d `src/sft_sgg.py`. For `think: "objects"` see {@link thinkingAnswer}.
 *
 * @example
 * answerOf({ width: 200, height: 100, objects: [{ id: "cup.1", bbox: [1, 2, 199, 50] }], … });
 * // ```json\n{\n  "objects": [\n{"id": "cup.1", "bbox": [5, 20, 995, 500]}\n  ],\n …
 */
export function answerOf(target: Answerable, think: Think = "none", task: Task = "sgg"): string {
  const objects = target.objects.map(({ id, bbox: [x1, y1, x2, y2] }) => {
    const bbox = [perMille(x1, target.width), perMille(y1, target.height)];
    return pythonJson({
      id,
      bbox: [...bbox, perMille(x2, target.width), perMille(y2, target.height)],
    });
  });
  const relationships = target.relationships.map(({ subject, predicate, object }) =>
    pythonJson({ subject, predicate, object }),
  );
  const lists = [
    ...(task === "cls" ? [] : [list("objects", objects)]),
    ...(task === "det" ? [] : [list("relationships", relationships)]),
  ];
  const answer = `\`\`\`json\n{\n${lists.join(",\n")}\n}\n\`\`\`\n`;
  if (think === "none") return answer;
  if (think === "objects") return thinkingAnswer(target.objects, answer);
  return target.think === undefined ? answer : `${target.think}<answer>\n${answer}\n</answer>`;
}

/** A value in thousandths of a side: Python's `int(value / size * 1000)`. */
export const perMille = (value: number, size: number): number => Math.trunc((value / size) * 1000);

/**
 * An answer in the tags that the format reward asks for, after one sentence that names the objects.
 *
 * Ours, so that a short SFT already shows the tags: the reference has no such text. It puts the
 * `think` column of a dataset, as it is found there, straight before `<answer>` (`think: "column"`),
 * with no newline between, and no `think` tags but those that the column brings.
 */
function thinkingAnswer(objects: readonly SceneObject[], answer: string): string {
  const names = [...new Set(objects.map(({ id }) => id.slice(0, id.indexOf("."))))];
  const sentence =
    names.length === 0 ? "The image shows no objects." : `The image shows: ${names.join(", ")}.`;
  return `<think>${sentence}</think>\n<answer>\n${answer}</answer>`;
}

const list = (key: string, lines: readonly string[]): string =>
  `  "${key}": [\n${lines.join(",\n")}\n  ]`;
