import { z } from "zod";
import type { Target } from "../core/graph/scene-graph.ts";
import { tasks } from "../core/rewards/reward.ts";
import { nameFault } from "../core/similarity/similarity.ts";
import { maxTold } from "./check.ts";
import { documentedAs } from "./documented-as.ts";

// Every message here says what is expected; check.ts adds the place and what was found.
export const text = z.string({ error: "text" });
const finite = z.number({ error: "a finite number" });
const extent = z
  .number({ error: "a positive number" })
  .refine((value) => value > 0, { error: "a positive number" })
  .meta({ exclusiveMinimum: 0 });
const box = z.tuple([finite, finite, finite, finite], { error: "four finite numbers" });

/** What the coordinates of a completion go up to. */
export const scale = z.tuple([extent, extent], { error: "[width, height], two positive numbers" });

export const task = z.enum(tasks, { error: `one of ${tasks.join(", ")}` });

/**
 * A list, of which the faults of a few entries are told and the others not looked at: millions of
 * faults would fill the memory.
 */
export const listOf = <T>(entry: z.ZodType<T>, expected: string) =>
  documentedAs(
    z.unknown().transform((value, context): T[] => {
      const fail = (path: PropertyKey[], message: string) =>
        context.addIssue({ code: "custom", path, message });
      if (!Array.isArray(value)) {
        fail([], expected);
        return z.NEVER;
      }
      const entries: T[] = [];
      for (const [i, sent] of value.entries()) {
        const result = entry.safeParse(sent);
        if (result.success) entries.push(result.data);
        else for (const { path, message } of result.error.issues) fail([i, ...path], message);
        if (context.issues.length > maxTold) break;
      }
      return entries;
    }),
    z.array(entry),
  );

/** A name of a target: one that is too long to be compared would cost completions their reward. */
const name = text.refine((value) => nameFault(value) === undefined, {
  error: "text of at most 512 words and 16384 characters",
});

const sceneObject = z.object({ id: name, bbox: box }, { error: "an object {id, bbox}" });
const relationship = z.object(
  { subject: name, predicate: name, object: name },
  { error: "an object {subject, predicate, object}" },
);

/** A target as it is sent; which of its lists must be there depends on the task. */
export const target = z.object(
  {
    image_id: text,
    width: extent,
    height: extent,
    objects: listOf(sceneObject, "a list of objects").optional(),
    relationships: listOf(relationship, "a list of relationships").optional(),
  },
  { error: "an object {image_id, width, height, objects, relationships}" },
);

/** A target as it is sent, each field by itself. */
export type SentTarget = Omit<Target, "objects" | "relationships"> & {
  readonly [list in "objects" | "relationships"]?: Target[list] | undefined;
};

/** The names of rewards that a request asks for, out of those of the profile that is served. */
export const rewardNames = (known: readonly string[], profile: string) =>
  z
    .array(z.enum(known, { error: `one of ${known.join(", ")} (profile ${profile})` }), {
      error: "a list of reward names",
    })
    .min(1, { error: "one reward name or more" })
    .refine((names) => new Set(names).size === names.length, { error: "no name twice" });
