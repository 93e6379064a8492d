import { lstat, mkdir, readdir, stat } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { cannotWrite, discard } from "../cannot-write.ts";
import { SggError } from "../errors.ts";
import { realFolder } from "./real-folder.ts";

/**
 * An empty folder beside `folder`, to be filled and then renamed to it.
 *
 * Its name tells machine and process. What killed processes of this machine have left there for
 * the same `folder` is removed; those that still run are left alone.
 *
 * Errors: those of `cannotWrite`
 */
export async function temporaryFolder(folder: string): Promise<string> {
  const parent = dirname(folder);
  const prefix = `.${basename(folder)}.${hostname()}.`;
  const temporary = join(parent, `${prefix}${process.pid}.tmp`);
  try {
    await mkdir(parent, { recursive: true });
    for (const name of await readdir(parent)) {
      const pid = name.startsWith(prefix)
        ? /^(\d+)\.tmp$/.exec(name.slice(prefix.length))?.[1]
        : undefined;
      if (pid !== undefined && !runs(Number(pid))) await discard(join(parent, name));
    }
    await discard(temporary);
    await mkdir(temporary);
  } catch (cause) {
    throw cannotWrite(folder, cause);
  }
  return temporary;
}

function runs(pid: number): boolean {
  if (pid === process.pid) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === "EPERM";
  }
}

/**
 * Where the folder that is asked for really lies: what is written elsewhere can be renamed to it.
 *
 * To be asked before the work begins, for what speaks against the renaming does so only at its end.
 *
 * Errors: SggError USAGE for a folder that has something in it, is in use, or is no folder
 */
export async function newFolder(out: string): Promise<string> {
  const refused = (found: string, cause?: unknown): SggError =>
    new SggError("USAGE", `Cannot write "${out}": ${found}, expected a new or empty folder`, {
      cause,
    });
  try {
    const folder = await realFolder(out);
    const there = await lstat(resolve(out)).catch(ifAbsent);
    if (there === undefined) return folder;
    const names = await readdir(folder).catch(ifAbsent);
    if (names === undefined) throw refused("a link to nowhere");
    if (names.length > 0)
      throw refused(names.length === 1 ? "it holds 1 file" : `it holds ${names.length} files`);
    if (folder === process.cwd()) throw refused("the folder you are in");
    const [own, above] = await Promise.all([stat(folder), stat(dirname(folder))]);
    if (own.dev !== above.dev) throw refused("the root of a disk");
    return folder;
  } catch (cause) {
    if (cause instanceof SggError || !(cause instanceof Error && "code" in cause)) throw cause;
    throw refused(cause.message, cause);
  }
}

function ifAbsent(cause: NodeJS.ErrnoException): undefined {
  if (cause.code !== "ENOENT") throw cause;
}
