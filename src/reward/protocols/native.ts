import { z } from "zod";
import type { Profile } from "../../core/rewards/profiles.ts";
import type { Task } from "../../core/rewards/reward.ts";
import { documentedAs } from "../documented-as.ts";
import { listOf, rewardNames, scale, target, task, text } from "../fields.ts";
import { type Fail, failWithoutLists, toItem } from "../request.ts";
import { rewardColumns, totals } from "../scored.ts";
import { protocol } from "./protocol.ts";

/** A value for every completion: the same for all, or a list with one for each. */
interface Each<T> {
  readonly at: (index: number) => T;
  /** Entries of the list; `undefined` when one value serves all. */
  readonly count: number | undefined;
}

function oneOrEach<T>(one: z.ZodType<T>, isList: (value: unknown) => value is unknown[]) {
  const schema = z.unknown().transform((value, context): Each<T> => {
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
  return documentedAs(schema, z.union([one, z.array(one)])).optional();
}

const isList = (value: unknown): value is unknown[] => Array.isArray(value);
const isListOfLists = (value: unknown): value is unknown[] => isList(value) && isList(value[0]);

const outcome = z.union([
  z.object({ parsed: z.literal(true), reason: z.string().optional() }),
  z.object({ parsed: z.literal(false), reason: z.string() }),
]);

/** What `POST /v1/rewards` answers: a number for every completion and reward, in the order sent. */
const answer = z.object({
  profile: z.string(),
  rewards: z.record(z.string(), z.array(z.number())),
  total: z.array(z.number()),
  outcomes: z.array(outcome),
  request_id: z.string(),
});

/** Unknown fields are refused: a mistyped one would train a model on something else than was asked. */
const fields = (profile: Profile) =>
  z.strictObject(
    {
      completions: listOf(text, "a list of texts"),
      targets: listOf(target, "a list of targets"),
      box_scale: oneOrEach(scale, isListOfLists),
      task: oneOrEach(task, isList),
      rewards: rewardNames(Object.keys(profile.rewards), profile.name).optional(),
      profile: z
        .literal(profile.name, { error: `"${profile.name}", which is served here` })
        .optional(),
      request_id: text.optional(),
    },
    { error: "an object with completions and targets" },
  );

type Body = z.output<ReturnType<typeof fields>>;

const taskOf = (body: Body, index: number): Task => body.task?.at(index) ?? "sgg";

function failApart(body: Body, fail: Fail): void {
  const count = body.completions.length;
  const counts = {
    targets: body.targets.length,
    box_scale: body.box_scale?.count,
    task: body.task?.count,
  };
  for (const [field, found] of Object.entries(counts)) {
    if ((found ?? count) !== count) fail([field], `${count}, one for each completion`);
  }
  for (const [i, sent] of body.targets.entries()) {
    failWithoutLists(sent, taskOf(body, i), (path, expected) =>
      fail(["targets", i, ...path], expected),
    );
  }
}

/** Our own way: many completions, every reward, why one could not be read. */
export const nativeProtocol = (profile: Profile) =>
  protocol({
    path: "/v1/rewards",
    title: "Rewards of completions, each reward by itself",
    query: z.strictObject({}),
    body: fields(profile).superRefine((body, context) =>
      failApart(body, (path, message) =>
        context.addIssue({ code: "custom", path: [...path], message }),
      ),
    ),
    answer,
    toRequest: (body) => ({
      items: body.completions.map((completion, i) =>
        toItem(completion, body.targets[i]!, {
          boxScale: body.box_scale?.at(i),
          task: taskOf(body, i),
        }),
      ),
      rewards: body.rewards ?? profile.defaults,
      requestId: body.request_id,
    }),
    toAnswer: (scored) => ({
      profile: scored.profile,
      rewards: rewardColumns(scored),
      total: totals(scored),
      outcomes: scored.scores.map((score) => score.outcome),
      request_id: scored.requestId,
    }),
  });
