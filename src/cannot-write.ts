import { rm } from "node:fs/promises";
import { SggError } from "./errors.ts";

/** What the file system says when a place has no room or is not ours to write to. */
const refusals = new Set(["ENOSPC", "EDQUOT", "EFBIG", "EROFS", "EACCES", "EPERM", "EIO"]);

/** What it says of a path at which there can be no such thing. */
const impossible = new Set(
  "ENOENT ENOTDIR EISDIR EEXIST ENOTEMPTY ENAMETOOLONG ELOOP EXDEV EBUSY".split(" "),
);

/** Whether an error is the file system's refusal to write: nobody's bug, and for a person to mend. */
export const isRefusal = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && "code" in error && refusals.has(String(error.code));

/**
 * The error of a write that failed; what is not the file system's comes back as it is.
 *
 * LAUNCH where there is no room, or the place is not ours: the data are as good as before, and the
 * same command will do elsewhere. USAGE for a path that cannot be written at all.
 */
export function cannotWrite(path: string, cause: unknown): unknown {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (isRefusal(cause)) {
    const expected = "a disk with room that we may write to";
    return new SggError("LAUNCH", `Cannot write "${path}": ${message}, expected ${expected}`, {
      cause,
    });
  }
  if (cause instanceof SggError || !impossible.has(code ?? "")) return cause;
  return new SggError("USAGE", `Cannot write "${path}": ${message}, expected a place for it`, {
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
