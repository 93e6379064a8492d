import type { FastifySchemaCompiler, FastifyTypeProvider } from "fastify";
import type { FastifySerializerCompiler } from "fastify/types/schema.js";
import type { z } from "zod";
import { HttpFault } from "./http-fault.ts";

/** Lets a Fastify route take zod schemas, so that each shape is written once. */
export interface ZodTypeProvider extends FastifyTypeProvider {
  validator: this["schema"] extends z.ZodType ? z.output<this["schema"]> : unknown;
  serializer: this["schema"] extends z.ZodType ? z.input<this["schema"]> : unknown;
}

/** Issues told at once; a request with hundreds of the same fault needs no more. */
const maxTold = 5;

/** Checks a request; what does not fit is a 422 that names each place. */
export const validatorCompiler: FastifySchemaCompiler<z.ZodType> =
  ({ schema }) =>
  (data) => {
    const result = schema.safeParse(data);
    if (result.success) return { value: result.data };
    const { issues } = result.error;
    const told = issues.slice(0, maxTold).map((issue) => toWords(issue, data));
    if (issues.length > maxTold) told.push(`and ${issues.length - maxTold} more`);
    return { error: new HttpFault(422, `Cannot score the request: ${told.join("; ")}`) };
  };

/** Checks the answer too: z.number() refuses the NaN that JSON would turn into a silent null. */
export const serializerCompiler: FastifySerializerCompiler<z.ZodType> =
  ({ schema }) =>
  (data) =>
    JSON.stringify(schema.parse(data));

/** Schemas carry what they expect as their message; this adds the place and what was found. */
function toWords(issue: z.core.$ZodIssue, data: unknown): string {
  if (issue.code === "unrecognized_keys") return `${issue.keys.join(", ")}: not a known field`;
  const place = issue.path.reduce<string>(
    (path, key) => path + (typeof key === "number" ? `[${key}]` : `${path && "."}${String(key)}`),
    "",
  );
  const found = issue.path.reduce<unknown>(
    (value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key],
    data,
  );
  return `${place || "the body"}: found ${inWords(found)}, expected ${issue.message}`;
}

function inWords(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "string") return JSON.stringify(value.slice(0, 40));
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return typeof value === "object" && value !== null ? "an object" : String(value);
}
