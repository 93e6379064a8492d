import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { SggError } from "../errors.ts";
import { writeAtomic } from "../write-atomic.ts";

/** Writes a result where the user asked for it. Errors: SggError USAGE when it cannot be there. */
export async function writeResult(path: string, content: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeAtomic(path, content);
  } catch (cause) {
    if (cause instanceof SggError) throw cause;
    const { message } = cause as Error;
    throw new SggError("USAGE", `Cannot write "${path}": ${message}, expected a file to write`, {
      cause,
    });
  }
}
