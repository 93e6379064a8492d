import { z } from "zod";
import type { Profile } from "../../core/rewards/profiles.ts";
import { documentedAs } from "../documented-as.ts";
import { rewardNames, scale, target, task } from "../fields.ts";
import { failWithoutLists, type Item, toItem } from "../request.ts";

const truth = z.object(
  { ...target.shape, box_scale: scale.optional(), task: task.optional() },
  { error: "an object {image_id, width, height, objects, relationships}, or its JSON text" },
);

/**
 * A target with its box scale and task in one field, as trainers carry it through their data sets.
 *
 * Most of them have texts only there, so that JSON text is taken as well as an object; `unpackAt`
 * opens the text before the check.
 */
export const groundTruth = documentedAs(
  truth.superRefine((sent, context) =>
    failWithoutLists(sent, sent.task ?? "sgg", (path, message) =>
      context.addIssue({ code: "custom", path: [...path], message }),
    ),
  ),
  z.union([z.string().meta({ contentMediaType: "application/json" }), truth]),
);

/** A checked ground truth. */
export type GroundTruth = z.output<typeof groundTruth>;

/** A field as JSON; text that is none stays as it is, so that the check tells what was found. */
export function unpack(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return value;
  }
}

/** A body with the JSON texts in one of its fields opened: a text itself, or each of a list. */
export const unpackAt = (field: string) => (body: unknown) => {
  if (typeof body !== "object" || body === null || !Object.hasOwn(body, field)) return body;
  const value = (body as Record<string, unknown>)[field];
  return { ...body, [field]: Array.isArray(value) ? value.map(unpack) : unpack(value) };
};

export const itemOf = (
  completion: string,
  { box_scale: boxScale, task: asked, ...sent }: GroundTruth,
): Item => toItem(completion, sent, { boxScale, task: asked });

/** The part of a URL's query that all trainers' routes take: `?rewards=format_reward,edge_reward`. */
export const rewardsQuery = (profile: Profile) =>
  documentedAs(
    rewardNames(Object.keys(profile.rewards), profile.name),
    z.string().meta({ description: "Names with commas between; the profile's defaults if absent" }),
  ).optional();
