import type { z } from "zod";
import { HttpFault } from "./http-fault.ts";

/** Issues told at once; a request with hundreds of the same fault needs no more. */
export const maxTold = 5;

/** What a schema makes of data; what does not fit is a 422 that names each place. */
export function check<T>(schema: z.ZodType<T>, data: unknown, whole = "the body"): T {
  const result = schema.safeParse(data);
  if (result.success) return result.data;
  const { issues } = result.error;
  const told = issues.slice(0, maxTold).map((issue) => inWords(issue, data, whole));
  if (issues.length > maxTold) told.push("and more");
  throw new HttpFault(422, `Cannot score the request: ${told.join("; ")}`);
}

/** Schemas carry what they expect as their message; this adds the place and what was found. */
function inWords(issue: z.core.$ZodIssue, data: unknown, whole: string): string {
  if (issue.code === "unrecognized_keys") {
    const names = issue.keys.slice(0, maxTold).map((key) => key.slice(0, 40));
    return `${names.join(", ")}: not a known field`;
  }
  const place = issue.path.reduce<string>(
    (path, key) => path + (typeof key === "number" ? `[${key}]` : `${path && "."}${String(key)}`),
    "",
  );
  const found = issue.path.reduce<unknown>(
    (value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key],
    data,
  );
  return `${place || whole}: found ${kindOf(found)}, expected ${issue.message}`;
}

function kindOf(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "string") return JSON.stringify(value.slice(0, 40));
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return typeof value === "object" && value !== null ? "an object" : String(value);
}
