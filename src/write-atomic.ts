import { rename, rm, writeFile } from "node:fs/promises";
import { SggError } from "./errors.ts";

/** What the file system says when a place has no room or is not ours to write to. */
const refusals = new Set(["ENOSPC", "EDQUOT", "EFBIG", "EROFS", "EACCES", "EPERM", "EIO"]);

/** Whether an error is the file system's refusal to write: nobody's bug, and for a person to mend. */
export const isRefusal = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && "code" in error && refusals.has(String(error.code));

/**
 * Writes a file under a temporary name, then renames it: readers see all of it or none.
 *
 * Errors: SggError LAUNCH when the disk is full or the place may not be written; nothing is left then
 */
export async function writeAtomic(path: string, content: string): Promise<void> {
  try {
    await replaceFile(path, content);
  } catch (cause) {
    if (!isRefusal(cause)) throw cause;
    throw new SggError(
      "LAUNCH",
      `Cannot write "${path}": ${cause.message}, expected a disk with room that we may write to`,
      { cause },
    );
  }
}

/** As `writeAtomic`, for who has words of their own. Errors: the file system's; nothing is left then */
export async function replaceFile(path: string, content: string): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    await writeFile(temporary, content, { flush: true });
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => {}); // the first error is the one to tell
    throw cause;
  }
}
