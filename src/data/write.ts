import { rm } from "node:fs/promises";
import { SggError } from "../errors.ts";

/** The error of a write that the file system refused; anything else comes back as it is. */
export function cannotWrite(path: string, cause: unknown): unknown {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (cause instanceof SggError || !code?.startsWith("E") || code.startsWith("ERR_")) return cause;
  return new SggError("DATA", `Cannot write "${path}": ${message}, expected a place with room`, {
    cause,
  });
}

/**
 * Removes what a failed write has begun, as far as it can.
 *
 * What cannot be removed stays without a word: the failure that led here is the one to tell.
 */
export const discard = (path: string): Promise<void> =>
  rm(path, { recursive: true, force: true }).catch(() => {});
