import type { z } from "zod";
import type { Target } from "../core/graph/scene-graph.ts";
import type { Profile } from "../core/rewards/profiles.ts";
import type { Task } from "../core/rewards/reward.ts";
import { type RequestBody, requestBody } from "./request-body.ts";

/** One completion with all that its score depends on. */
export interface Item {
  readonly completion: string;
  readonly target: Target;
  readonly boxScale: readonly [number, number];
  readonly task: Task;
}

/** A checked request: what to score, and with which rewards. */
export interface RewardRequest {
  readonly items: readonly Item[];
  readonly rewards: readonly string[];
  readonly requestId: string | undefined;
}

/**
 * The schema of `POST /v1/rewards`: each field by itself, then that they belong together.
 *
 * A target needs objects unless the task is `cls`, and relationships unless it is `det`. Repeated
 * ids and relations to unknown ones pass, since the reference takes them; `data check` refuses them.
 */
export const rewardRequest = (profile: Profile) =>
  requestBody(profile)
    .superRefine(belongTogether)
    .transform(
      (body): RewardRequest => ({
        items: body.completions.map((completion, i) => toItem(body, completion, i)),
        rewards: body.rewards ?? profile.defaults,
        requestId: body.request_id,
      }),
    );

function belongTogether(body: RequestBody, context: z.RefinementCtx): void {
  const fail = (path: (string | number)[], message: string) =>
    context.addIssue({ code: "custom", path, message });
  const count = body.completions.length;
  const counts = {
    targets: body.targets.length,
    box_scale: body.box_scale?.count,
    task: body.task?.count,
  };
  for (const [field, found] of Object.entries(counts)) {
    if ((found ?? count) !== count) fail([field], `${count}, one for each completion`);
  }
  for (const [i, target] of body.targets.entries()) {
    const task = taskOf(body, i);
    if (task !== "cls" && !target.objects) fail(["targets", i, "objects"], "a list of objects");
    if (task !== "det" && !target.relationships) {
      fail(["targets", i, "relationships"], "a list of relationships");
    }
  }
}

const taskOf = (body: RequestBody, index: number): Task => body.task?.at(index) ?? "sgg";

function toItem(body: RequestBody, completion: string, index: number): Item {
  const { objects = [], relationships = [], ...image } = body.targets[index]!;
  return {
    completion,
    target: { ...image, objects, relationships },
    boxScale: body.box_scale?.at(index) ?? [1000, 1000],
    task: taskOf(body, index),
  };
}
