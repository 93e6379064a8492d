import { SggError } from "../errors.ts";
import { replaceFile } from "../write-atomic.ts";

/** Tells where the server is: whoever sees the file sees all of it. */
export async function writeReadyFile(path: string, url: string): Promise<void> {
  try {
    await replaceFile(path, `${JSON.stringify({ url })}\n`);
  } catch (cause) {
    if (!(cause instanceof Error && "code" in cause)) throw cause;
    throw new SggError("LAUNCH", `Cannot write the ready file "${path}": ${cause.message}`, {
      cause,
    });
  }
}
