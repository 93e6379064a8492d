import { z } from "zod";

/** 1, 2, 3, … */
export const count = z.int().positive();
/** 0, 1, 2, … */
export const natural = z.int().nonnegative();
/** A finite number above 0. */
export const positive = z.number().positive();
/** Above 0, at most 1. */
export const share = z.number().gt(0).lte(1);
/** A text with something in it. */
export const text = z.string().min(1);
/** A name that can stand in a folder's name on any file system. */
export const slug = z
  .string()
  .regex(/^[a-z0-9][a-z0-9.-]{0,79}$/, "expected lower-case letters, digits, dots and dashes");

/**
 * A part of a recipe: an object that knows all its keys.
 *
 * The message of an unknown key is the list of known ones, from which the loader picks the nearest.
 */
export const section = <Shape extends z.core.$ZodLooseShape>(
  shape: Shape,
): z.ZodObject<Shape, z.core.$strict> =>
  z.strictObject(shape, {
    error: (issue) =>
      issue.code === "unrecognized_keys" ? Object.keys(shape).join("\n") : undefined,
  });

type Options = Readonly<Record<string, z.ZodType>>;

/**
 * One of several objects, told apart by which of the named keys it has, as `{id: …}` from `{path: …}`.
 *
 * A plain union would answer a fault in one of them with the faults of all.
 */
export const byKey = <Choices extends Options>(
  choices: Choices,
): z.ZodType<z.output<Choices[keyof Choices]>> =>
  z.unknown().transform((input, context) => {
    const names = Object.keys(choices);
    const isObject = typeof input === "object" && input !== null && !Array.isArray(input);
    const [found, ...more] = isObject ? names.filter((name) => Object.hasOwn(input, name)) : [];
    const choice = found === undefined ? undefined : choices[found];
    if (choice === undefined || more.length > 0) {
      const wanted = `expected an object with one of ${names.join(", ")}`;
      context.addIssue({ code: "custom", message: wanted, input });
      return z.NEVER;
    }
    const checked = choice.safeParse(input, { reportInput: true });
    if (checked.success) return checked.data as z.output<Choices[keyof Choices]>;
    for (const issue of checked.error.issues)
      context.issues.push({ ...issue, path: [...issue.path], input: issue.input } as never);
    return z.NEVER;
  });
