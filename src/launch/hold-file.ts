import { mkdir, readFile, rm } from "node:fs/promises";
import { dirname } from "node:path";
import lockfile from "proper-lockfile";
import { z } from "zod";
import { SggError } from "../errors.ts";
import { writeAtomic } from "../write-atomic.ts";
import { isAlive, processId } from "./processes.ts";
import { thisMachine } from "./record.ts";

const holder = z.object({
  machine: z.string(),
  process: z.object({ pid: z.number(), start: z.string() }),
});

/**
 * Takes a file for this process alone, until the returned function is called or the process ends.
 *
 * `<path>.lock` names the process; one whose process is gone counts for nothing. A short file lock
 * keeps two from taking it at once.
 *
 * @throws {SggError} USAGE when another live process has it; LAUNCH when the lock cannot be written
 */
export async function holdFile(path: string): Promise<() => Promise<void>> {
  const lock = `${path}.lock`;
  const cannot = (found: string, cause?: unknown) =>
    new SggError(
      "LAUNCH",
      `Cannot write "${lock}": ${found}, expected a place that we may write to`,
      {
        cause,
      },
    );
  const [own, folder] = [processId(process.pid), dirname(path)];
  await mkdir(folder, { recursive: true }).catch((cause: Error) => {
    throw cannot(cause.message, cause);
  });
  const release = await lockfile
    .lock(folder, {
      lockfilePath: `${lock}ing`,
      realpath: false,
      stale: 10_000,
      retries: { retries: 60, minTimeout: 100, maxTimeout: 1000 },
    })
    .catch((cause: Error) => {
      throw cannot(cause.message, cause);
    });
  try {
    const other = holder.safeParse(await readJson(lock)).data;
    const here = other?.machine === thisMachine();
    if (other && (!here || isAlive(other.process))) {
      const where = here ? "" : ` on "${other.machine}", which we cannot see from here`;
      throw new SggError(
        "USAGE",
        `Cannot write to "${path}": process ${other.process.pid}${where} writes to it, expected nobody else (wait for it, or remove "${lock}" if it is gone)`,
      );
    }
    await writeAtomic(lock, `${JSON.stringify({ machine: thisMachine(), process: own })}\n`);
  } finally {
    await release();
  }
  return () => rm(lock, { force: true });
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined;
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw cause;
  }
}
