import { realpath } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";

/**
 * Where a folder really lies, links followed; of one that is not there yet, where it would.
 *
 * What leads out of a folder by `..` has to be counted from here: the system follows a link before it
 * goes up, so that from the link's own place the way is another.
 *
 * Errors: those of `node:fs`
 */
export async function realFolder(path: string): Promise<string> {
  const folder = resolve(path);
  try {
    return await realpath(folder);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "ENOENT") throw cause;
    return join(await realFolder(dirname(folder)), basename(folder));
  }
}
