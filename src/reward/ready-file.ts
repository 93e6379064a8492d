import { rename, rm, writeFile } from "node:fs/promises";
import { SggError } from "../errors.ts";

/** Written beside it first and renamed: whoever sees the file sees all of it. */
export async function writeReadyFile(path: string, url: string): Promise<void> {
  const draft = `${path}.${process.pid}.tmp`;
  try {
    await writeFile(draft, `${JSON.stringify({ url })}\n`);
    await rename(draft, path);
  } catch (cause) {
    if (!(cause instanceof Error && "code" in cause)) throw cause;
    await rm(draft, { force: true });
    throw new SggError("LAUNCH", `Cannot write the ready file "${path}": ${cause.message}`, {
      cause,
    });
  }
}
