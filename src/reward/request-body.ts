import { z } from "zod";
import type { Profile } from "../core/rewards/profiles.ts";
import { tasks } from "../core/rewards/reward.ts";

// Every message below says what is expected; zod.ts adds the place and what was found.
const text = z.string({ error: "text" });
const finite = z.number({ error: "a finite number" });
const extent = z
  .number({ error: "a positive number" })
  .refine((value) => value > 0, { error: "a positive number" });
const box = z.tuple([finite, finite, finite, finite], { error: "four finite numbers" });
const scale = z.tuple([extent, extent], { error: "[width, height], two positive numbers" });
const task = z.enum(tasks, { error: `one of ${tasks.join(", ")}` });

const sceneObject = z.object({ id: text, bbox: box }, { error: "an object {id, bbox}" });
const relationship = z.object(
  { subject: text, predicate: text, object: text },
  { error: "an object {subject, predicate, object}" },
);

/** A target as it is sent; which of its lists must be there depends on the task. */
const target = z.object(
  {
    image_id: text,
    width: extent,
    height: extent,
    objects: z.array(sceneObject, { error: "a list of objects" }).optional(),
    relationships: z.array(relationship, { error: "a list of relationships" }).optional(),
  },
  { error: "an object {image_id, width, height, objects, relationships}" },
);

/** A value for every completion: the same for all, or a list with one for each. */
export interface Each<T> {
  readonly at: (index: number) => T;
  /** Entries of the list; `undefined` when one value serves all. */
  readonly count: number | undefined;
}

function oneOrEach<T>(one: z.ZodType<T>, isList: (value: unknown) => value is unknown[]) {
  return z.unknown().transform((value, context): Each<T> => {
    const list = isList(value);
    const result = z.array(one).safeParse(list ? value : [value]);
    if (result.success) {
      const values = result.data;
      return { at: (index) => values[list ? index : 0]!, count: list ? values.length : undefined };
    }
    for (const { path, message } of result.error.issues) {
      context.addIssue({ code: "custom", path: list ? path : path.slice(1), message });
    }
    return z.NEVER;
  });
}

const isListOfLists = (value: unknown): value is unknown[] =>
  Array.isArray(value) && Array.isArray(value[0]);

/**
 * The body of `POST /v1/rewards` as it is sent, field by field.
 *
 * Unknown fields are refused: a mistyped one would train a model on something else than was asked.
 */
export const requestBody = (profile: Profile) => {
  const known = Object.keys(profile.rewards);
  const name = z.enum(known, { error: `one of ${known.join(", ")} (profile ${profile.name})` });
  return z.strictObject(
    {
      completions: z.array(text, { error: "a list of texts" }),
      targets: z.array(target, { error: "a list of targets" }),
      box_scale: oneOrEach(scale, isListOfLists).optional(),
      task: oneOrEach(task, Array.isArray as (value: unknown) => value is unknown[]).optional(),
      rewards: z
        .array(name, { error: "a list of reward names" })
        .min(1, { error: "one reward name or more" })
        .refine((names) => new Set(names).size === names.length, { error: "no name twice" })
        .optional(),
      profile: z
        .literal(profile.name, { error: `"${profile.name}", which is served here` })
        .optional(),
      request_id: text.optional(),
    },
    { error: "an object with completions and targets" },
  );
};

/** A body that has its fields right, each by itself. */
export type RequestBody = z.output<ReturnType<typeof requestBody>>;
