import { z } from "zod";

const shown = new WeakMap<z.core.$ZodType, z.ZodType>();

/**
 * Lets a schema that is more than JSON Schema can say be documented as another one.
 *
 * Some checks are written out, for the sake of their messages; the OpenAPI document then shows `as`.
 */
export function documentedAs<T extends z.ZodType>(schema: T, as: z.ZodType): T {
  shown.set(schema, as);
  return schema;
}

/** JSON Schema of what is sent (`input`) or answered (`output`). */
export function toJsonSchema(schema: z.ZodType, io: "input" | "output"): Record<string, unknown> {
  const { $schema: _, ...json } = z.toJSONSchema(schema, {
    io,
    override: ({ zodSchema, jsonSchema }) => {
      const as = shown.get(zodSchema);
      if (!as) return;
      for (const key of Object.keys(jsonSchema)) delete jsonSchema[key];
      Object.assign(jsonSchema, toJsonSchema(as, io));
    },
  });
  return json;
}
