import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { cannotWrite } from "../cannot-write.ts";
import { writeAtomic } from "../write-atomic.ts";

/**
 * Writes a result where the user asked for it.
 *
 * Errors: SggError USAGE when it cannot be there, LAUNCH when there is no room
 */
export async function writeResult(path: string, content: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeAtomic(path, content);
  } catch (cause) {
    throw cannotWrite(path, cause);
  }
}
