import { rename, writeFile } from "node:fs/promises";
import { cannotWrite, discard, isRefusal } from "./cannot-write.ts";

/**
 * Writes a file under a temporary name, then renames it: readers see all of it or none.
 *
 * Errors: SggError LAUNCH when the disk is full or the place may not be written; nothing is left then
 */
export async function writeAtomic(path: string, content: string): Promise<void> {
  try {
    await replaceFile(path, content);
  } catch (cause) {
    throw isRefusal(cause) ? cannotWrite(path, cause) : cause;
  }
}

/** As `writeAtomic`, for who has words of their own. Errors: the file system's; nothing is left then */
export async function replaceFile(path: string, content: string): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    await writeFile(temporary, content, { flush: true });
    await rename(temporary, path);
  } catch (cause) {
    await discard(temporary);
    throw cause;
  }
}
