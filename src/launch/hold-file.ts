import { randomUUID } from "node:crypto";
import { link, mkdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { cannotWrite } from "../cannot-write.ts";
import { SggError } from "../errors.ts";
import { isAlive, processId } from "./processes.ts";
import { thisMachine } from "./record.ts";

const holder = z.object({
  machine: z.string(),
  process: z.object({ pid: z.number(), start: z.string() }),
});

/** How a process on another machine is told to be alive. */
export interface Pulse {
  /** It touches its lock so often. */
  readonly everyMs: number;
  /** It is gone when the lock has not been touched for so long. */
  readonly watchMs: number;
}

/**
 * Takes a file for this process alone, until the returned function is called or the process ends.
 *
 * `<path>.lock` names the process; one whose process is gone counts for nothing. A process on another
 * machine, where a job may have left its lock that was started again here, is gone when it does not
 * touch it.
 *
 * @throws {SggError} USAGE when another live process has it; as `cannotWrite` when it cannot be locked
 */
export async function holdFile(
  path: string,
  pulse: Pulse = { everyMs: 15_000, watchMs: 45_000 },
): Promise<() => Promise<void>> {
  const lock = `${path}.lock`;
  const own = `${lock}.${randomUUID()}`;
  const name = { machine: thisMachine(), process: processId(process.pid) };
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(own, JSON.stringify(name));
    while (!(await linked(own, lock))) await succeed(path, lock, pulse);
  } catch (cause) {
    throw cannotWrite(lock, cause);
  } finally {
    await rm(own, { force: true }).catch(() => {}); // the first error is the one to tell
  }
  const touch = () => void utimes(lock, new Date(), new Date()).catch(() => {}); // taken away by hand
  const timer = setInterval(touch, pulse.everyMs).unref();
  return async () => {
    clearInterval(timer);
    await rm(lock, { force: true });
  };
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
async function succeed(path: string, lock: string, pulse: Pulse): Promise<void> {
  const text = await readIfThere(lock);
  const other = text === undefined ? undefined : holder.safeParse(toJson(text)).data;
  if (other && (await lives(other, lock, pulse))) {
    const where = other.machine === thisMachine() ? "" : ` on "${other.machine}"`;
    throw new SggError(
      "USAGE",
      `Cannot write to "${path}": process ${other.process.pid}${where} writes to it, expected nobody else`,
    );
  }
  const old = `${lock}.${randomUUID()}`;
  await rename(lock, old).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== "ENOENT") throw cause; // somebody else has taken it away
  });
  // Somebody else may have been quicker, and the lock be theirs by now.
  const taken = await readIfThere(old);
  if (taken !== undefined && taken !== text) await linked(old, lock);
  await rm(old, { force: true });
}

/** Whether the process of a lock is alive; on another machine it has to touch it to be so. */
async function lives(
  { machine, process: id }: z.infer<typeof holder>,
  lock: string,
  { watchMs }: Pulse,
): Promise<boolean> {
  if (machine === thisMachine()) return isAlive(id);
  const touched = async () => (await stat(lock).catch(() => undefined))?.mtimeMs;
  const before = await touched();
  const until = performance.now() + watchMs;
  while (performance.now() < until) {
    await sleep(Math.min(1000, watchMs / 10));
    if ((await touched()) !== before) return true;
  }
  return false;
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
