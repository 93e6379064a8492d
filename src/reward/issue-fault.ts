import type { z } from "zod";
import { type Fault, type Place, shown } from "../data/fault.ts";

/** A fault that a schema found, by where it is and what is there; messages say what is expected. */
export function issueFault(
  { path, message }: z.core.$ZodIssue,
  sent: unknown,
  place: Place,
): Fault {
  const field = path.reduce<string>(
    (all, key) => all + (typeof key === "number" ? `[${key}]` : `${all && "."}${String(key)}`),
    "",
  );
  const found = path.reduce<unknown>(
    (value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key],
    sent,
  );
  return {
    ...place,
    ...idOf(sent),
    ...(field !== "" && { field }),
    ...{ found: shown(found), expected: message },
  };
}

/** The image_id of what was sent, to tell its faults by. */
export function idOf(sent: unknown): Pick<Fault, "image_id"> {
  const id = (sent as { image_id?: unknown } | null)?.image_id;
  return typeof id === "string" ? { image_id: id } : {};
}

/** What is wrong with a text that is no JSON. */
export const brokenJson = (cause: SyntaxError): string => `broken JSON (${cause.message})`;
