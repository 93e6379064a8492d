import { z } from "zod";
import type { Target } from "../core/graph/scene-graph.ts";
import type { Task } from "../core/rewards/reward.ts";
import { type Fault, shown } from "../data/fault.ts";
import { scale, target, task, text } from "./fields.ts";
import { brokenJson, idOf, issueFault } from "./issue-fault.ts";
import { failWithoutLists, type Item, toItem } from "./request.ts";

/** One completion to score, with the ids that its line carries. */
export interface ScoreLine {
  readonly ids: Readonly<Record<string, string>>;
  readonly item: Item;
}

/** What a line that says nothing else is scored with; `targetOf` knows the targets of a dataset. */
export interface LineContext {
  readonly task: Task;
  readonly boxScale: Item["boxScale"];
  readonly targetOf?: (imageId: string) => Target | undefined;
}

const fields = z.object(
  {
    completion: text.optional(),
    response: text.optional(),
    target: target.optional(),
    image_id: text.optional(),
    box_scale: scale.optional(),
    task: task.optional(),
    request_id: text.optional(),
  },
  { error: "an object with a completion and a target" },
);

/** A line read, or everything that is wrong with it. */
export type ReadScoreLine = { readonly line: ScoreLine } | { readonly faults: readonly Fault[] };

/**
 * Reads one line of a file to score: `completion` or `response`, its `target` or the `image_id` of
 * one, and how it is to be scored. Other fields are let through.
 *
 * Errors: none
 */
export function readScoreLine(number: number, json: string, context: LineContext): ReadScoreLine {
  let sent: unknown;
  try {
    sent = JSON.parse(json);
  } catch (cause) {
    const found = brokenJson(cause as SyntaxError);
    return { faults: [{ line: number, found, expected: "one JSON object a line" }] };
  }
  const read = fields.safeParse(sent);
  if (!read.success)
    return { faults: read.error.issues.map((one) => issueFault(one, sent, { line: number })) };
  const faults: Fault[] = [];
  const fail = (field: string, found: string, expected: string) => {
    faults.push({ line: number, ...idOf(sent), field, found, expected });
  };
  const { completion, response, image_id, request_id, box_scale, task: asked } = read.data;
  const { task: usual, boxScale, targetOf } = context;
  if ((completion === undefined) === (response === undefined)) {
    const found = completion === undefined ? "nothing" : "it, and response too";
    fail("completion", found, "either completion or response");
  }
  const known = image_id === undefined ? undefined : targetOf?.(image_id);
  const wanted = read.data.target ?? known;
  if (!wanted && image_id !== undefined && targetOf) {
    fail("image_id", shown(image_id), "the image_id of a row of the dataset");
  } else if (!wanted) {
    fail("target", "nothing", "a target, or an image_id and --dataset");
  } else {
    failWithoutLists(wanted, asked ?? usual, (path, expected) =>
      fail(`target.${path.join(".")}`, "nothing", expected),
    );
  }
  if (!wanted || faults.length > 0) return { faults };
  const item = toItem(completion ?? response ?? "", wanted, {
    boxScale: box_scale ?? boxScale,
    task: asked ?? usual,
  });
  const ids = {
    image_id: image_id ?? wanted.image_id,
    ...(request_id !== undefined && { request_id }),
  };
  return { line: { ids, item } };
}
