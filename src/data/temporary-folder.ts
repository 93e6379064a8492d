import { mkdir, readdir } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { SggError } from "../errors.ts";
import { cannotWrite, discard } from "./write.ts";

/**
 * An empty folder beside `folder`, to be filled and then renamed to it.
 *
 * Its name tells machine and process. What killed processes of this machine have left there for
 * the same `folder` is removed; those that still run are left alone.
 *
 * Errors: SggError DATA when it cannot be made.
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

/** Refuses a folder that has something in it. Errors: SggError DATA. */
export async function refuseFull(folder: string): Promise<void> {
  const names = await readdir(folder).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") return [];
    throw full(folder, cause.message, cause);
  });
  if (names.length > 0)
    throw full(folder, names.length === 1 ? "it holds 1 file" : `it holds ${names.length} files`);
}

const full = (folder: string, found: string, cause?: unknown): SggError =>
  new SggError("DATA", `Cannot write "${folder}": ${found}, expected a new or empty folder`, {
    cause,
  });
