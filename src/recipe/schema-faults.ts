import type { z } from "zod";
import { nearest } from "./nearest.ts";
import type { Fault } from "./read-yaml.ts";
import { placeOf, type Tree } from "./tree.ts";

type Issue = z.core.$ZodIssue;

/** What a schema found wrong, each with the file and line where it was written. */
export const schemaFaults = (tree: Tree, issues: readonly Issue[]): readonly Fault[] =>
  issues.flatMap((issue) =>
    issue.code === "unrecognized_keys"
      ? issue.keys.map((key) => toFault(tree, [...issue.path, key], unknownKey(key, issue.message)))
      : [toFault(tree, issue.path, describe(issue))],
  );

const toFault = (tree: Tree, path: readonly PropertyKey[], message: string): Fault => ({
  ...placeOf(tree, path),
  message: `${path.length > 0 ? path.join(".") : "the whole"}: ${message}`,
});

/** `known` is what section.ts says of an unknown key: the known ones, one a line. */
function unknownKey(key: string, known: string): string {
  const names = known.split("\n");
  const near = nearest(key, names);
  return `unknown, expected ${near === undefined ? `one of ${names.join(", ")}` : `"${near}"`}`;
}

function describe(issue: Issue): string {
  if (
    issue.code === "invalid_type" &&
    issue.expected === "string" &&
    typeof issue.input === "number"
  )
    return `found the number ${issue.input}, expected a text, in quotes`;
  const found = show(issue.input);
  if (issue.code === "custom") return `${found}, ${issue.message}`;
  if (issue.code === "invalid_union") return issue.message;
  if (issue.code === "invalid_value") return `${found}, ${oneOf(issue.values, issue.input)}`;
  const message = issue.message.replace(/^(Invalid input|Too small|Too big): /, "");
  return `${found}, ${message.replace(/, received .*$/, "").replace(/^expected (number|string|int) to be /, "expected ")}`;
}

function oneOf(values: readonly unknown[], input: unknown): string {
  const near = nearest(String(input), values.map(String));
  const among = values.length === 1 ? String(values[0]) : `one of ${values.join(", ")}`;
  return near === undefined || values.length === 1
    ? `expected ${among}`
    : `expected "${near}" or another of ${values.join(", ")}`;
}

function show(input: unknown): string {
  if (input === undefined) return "missing";
  const text = JSON.stringify(input);
  return `found ${text.length > 80 ? `${text.slice(0, 79)}…` : text}`;
}
