import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";

/** First 12 hex digits of the SHA-256 of some files, which name what is built from them. */
export async function lockKey(paths: readonly string[]): Promise<string> {
  const hash = createHash("sha256");
  for (const path of paths) hash.update(await readFile(path));
  return hash.digest("hex").slice(0, 12);
}
