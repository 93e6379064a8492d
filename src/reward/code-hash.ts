import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** The code that decides about rewards: one digest for equal behaviour. */
const folders = ["../core", "../reward", "../similarity"].map((path) =>
  join(import.meta.dirname, path),
);

/** SHA-256 over the names and contents of all source files of the reward code, as 64 hex digits. */
export const codeHash = (): Promise<string> => (known ??= hashFolders());

let known: Promise<string> | undefined;

async function hashFolders(): Promise<string> {
  const hash = createHash("sha256");
  for (const folder of folders) {
    const names = await readdir(folder, { recursive: true, withFileTypes: true });
    const paths = names
      .filter((name) => name.isFile() && /\.[jt]s$/.test(name.name)) // data has digests in the code
      .map((name) => join(name.parentPath, name.name));
    for (const path of paths.sort()) {
      const content = await readFile(path);
      hash.update(`${path.slice(folder.length)}\0${content.length}\0`).update(content);
    }
  }
  return hash.digest("hex");
}
