import { answerText, hasThinkAndAnswer, isThinkAndAnswer } from "../graph/answer-text.ts";
import { listItems } from "../graph/read-answer.ts";
import type { JsonObject } from "../json/json-value.ts";
import type { Candidate, Task } from "../rewards/reward.ts";
import type { Explained, Explainer } from "./explainer.ts";
import type { Check } from "./explanation.ts";
import { shown } from "./figure.ts";
import {
  endFault,
  idFault,
  listFault,
  objectFault,
  relationFault,
  withHashableId,
  withTextId,
} from "./form-faults.ts";

/** What a format reward asks of an answer's lists. */
type FormChecks = (answer: JsonObject, task: Task) => readonly Check[];

/** Explains the format reward of the released code. */
export const explainFormat =
  ({
    weight,
    strict,
    form = releaseChecks,
  }: {
    readonly weight: number;
    readonly strict: boolean;
    readonly form?: FormChecks;
  }): Explainer =>
  ({ completion, answer, task }) =>
    inForm(weight, strict, {
      form: [isObject(answer), ...(answer.ok ? form(answer.value, task) : [])],
      tags: areTags(hasThinkAndAnswer(completion)),
    });

/** What the released code asks before its fault. */
const releaseChecks: FormChecks = (answer, task) => {
  const object = task === "sgg" ? withHashableId(objectFault) : objectFault;
  const checks = {
    objects: check("every object has an id and 4 numbers", listFault(answer, "objects", object)),
    relations: check(
      "every relation has three texts",
      listFault(answer, "relationships", relationFault),
    ),
    ends: check(
      "relations name objects of the answer",
      listFault(answer, "relationships", endFault(answer)),
    ),
  };
  if (task === "det") return [checks.objects];
  return task === "cls" ? [checks.relations] : Object.values(checks);
};

/** What the released head asks: it fails on every object, and for `det` on ids that are no text. */
export const headChecks: FormChecks = (answer, task) => {
  const count = listItems(answer.objects)?.length ?? 0;
  const fault = count === 0 ? undefined : `objects: ${count} entries, where this code fails on any`;
  const none = check("there is no object", fault);
  if (task !== "det") return [...(task === "sgg" ? [none] : []), ...releaseChecks(answer, task)];
  const objects = listFault(answer, "objects", withTextId(objectFault));
  return [check("every object has a text for an id and 4 numbers", objects)];
};

/** Explains the format reward of paper v1's code. */
export const explainV1Format =
  ({ weight }: { readonly weight: number }): Explainer =>
  ({ completion, answer, task }) => {
    if (task !== "sgg") return { because: `this profile has it for the task sgg only` };
    const form = (value: JsonObject) => [
      check("every object has an id", listFault(value, "objects", withHashableId(idFault))),
      check(
        "relations name objects of the answer",
        listFault(value, "relationships", endFault(value)),
      ),
    ];
    return inForm(weight, false, {
      form: [isObject(answer), ...(answer.ok ? form(answer.value) : [])],
      tags: areTags(isThinkAndAnswer(completion)),
    });
  };

/** Explains the format reward of the paper's text. */
export const explainPaperFormat =
  ({ weight }: { readonly weight: number }): Explainer =>
  ({ completion, answer }) => {
    const text = answerText(completion);
    const missing = ["object", "relationships"].filter((word) => !text.includes(word));
    const words = check(
      'the words "object" and "relationships"',
      missing.length === 0 ? undefined : `no ${missing.map((word) => `"${word}"`).join(", no ")}`,
    );
    const tags = areTags(hasThinkAndAnswer(completion));
    const object = isObject(answer);
    const full = words.passed && tags.passed;
    const why = full ? "words and tags" : object.passed ? "a JSON object alone" : "neither";
    return {
      ...weighed(weight, full ? 1 : object.passed ? 0.5 : 0, why),
      checks: [words, tags, object],
    };
  };

/** Full weight for form and tags; for the form alone half, or nothing if `strict`. */
function inForm(
  weight: number,
  strict: boolean,
  { form, tags }: { readonly form: readonly Check[]; readonly tags: Check },
): Explained {
  const valid = form.every(({ passed }) => passed);
  const share = !valid ? 0 : tags.passed ? 1 : strict ? 0 : 0.5;
  const why = !valid
    ? "not in form"
    : tags.passed
      ? "in form and in tags"
      : `in form, not in tags${strict ? ", which the strict format asks for" : ""}`;
  return { ...weighed(weight, share, why), checks: [...form, tags] };
}

const weighed = (weight: number, share: number, why: string): Explained => ({
  way: `${shown(weight)} · ${shown(share)} (${why})`,
});

const check = (what: string, found: string | undefined): Check => ({
  what,
  passed: found === undefined,
  ...(found !== undefined && { found }),
});

const isObject = (answer: Candidate["answer"]): Check =>
  check("the answer is a JSON object", answer.ok ? undefined : answer.reason);

const areTags = (passed: boolean): Check =>
  check(
    "think tags, then answer tags, nothing else",
    passed ? undefined : "something else before, between or behind, or a tag is missing",
  );
