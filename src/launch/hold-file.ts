import { randomUUID } from "node:crypto";
import { link, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";
import { SggError } from "../errors.ts";
import { isAlive, processId } from "./processes.ts";
import { thisMachine } from "./record.ts";

const holder = z.object({
  machine: z.string(),
  process: z.object({ pid: z.number(), start: z.string() }),
});

/**
 * Takes a file for this process alone, until the returned function is called or the process ends.
 *
 * `<path>.lock` names the process; one whose process is gone counts for nothing.
 *
 * @throws {SggError} USAGE when another live process has it; LAUNCH when the lock cannot be written
 */
export async function holdFile(path: string): Promise<() => Promise<void>> {
  const lock = `${path}.lock`;
  const own = `${lock}.${randomUUID()}`;
  const name = { machine: thisMachine(), process: processId(process.pid) };
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(own, JSON.stringify(name));
    while (!(await linked(own, lock))) await succeed(path, lock);
  } catch (cause) {
    if (cause instanceof SggError) throw cause;
    const found = `Cannot write "${lock}": ${(cause as Error).message}`;
    throw new SggError("LAUNCH", `${found}, expected a place with room that we may write to`, {
      cause,
    });
  } finally {
    await rm(own, { force: true }).catch(() => {}); // the first error is the one to tell
  }
  return () => rm(lock, { force: true });
}

/** Gives a file a second name, whole at once; false when that is taken. */
async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw cause;
  }
}

/** Takes away a lock whose process is gone. Errors: SggError USAGE when it is not. */
async function succeed(path: string, lock: string): Promise<void> {
  const text = await readIfThere(lock);
  refuseAlive(path, lock, text);
  const old = `${lock}.${randomUUID()}`;
  await rename(lock, old).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== "ENOENT") throw cause; // somebody else has taken it away
  });
  // Somebody else may have been quicker, and the lock be theirs by now.
  if ((await readIfThere(old)) !== text) await linked(old, lock);
  await rm(old, { force: true });
}

function refuseAlive(path: string, lock: string, text: string | undefined): void {
  const other = text === undefined ? undefined : holder.safeParse(toJson(text)).data;
  if (other === undefined) return;
  const here = other.machine === thisMachine();
  if (here && !isAlive(other.process)) return;
  const where = here ? "" : ` on "${other.machine}", which we cannot see from here`;
  throw new SggError(
    "USAGE",
    `Cannot write to "${path}": process ${other.process.pid}${where} writes to it, expected nobody else (wait for it, or remove "${lock}" if it is gone)`,
  );
}

async function readIfThere(path: string): Promise<string | undefined> {
  return readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") return undefined;
    throw cause;
  });
}

function toJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined;
    throw cause;
  }
}
