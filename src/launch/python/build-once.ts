import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { lock } from "proper-lockfile";
import type { Setup } from "./setup.ts";

/** A lock whose holder was killed is free after this long without a sign of life. */
const staleMs = 10_000;

/**
 * Builds what a folder is to hold, unless it is there; of several at once one builds, the rest wait.
 *
 * @param isThere says whether the folder is complete; asked again once the lock is held
 */
export async function buildOnce(
  folder: string,
  what: string,
  { say, signal }: Setup,
  isThere: () => Promise<boolean>,
  build: () => Promise<void>,
): Promise<void> {
  if (await isThere()) return;
  await mkdir(dirname(folder), { recursive: true });
  const release = await take(folder, what, say, signal);
  try {
    if (!(await isThere())) await build();
  } finally {
    await release().catch((cause: { code?: string }) => {
      if (cause.code !== "ERELEASED") throw cause; // lost while the machine slept
    });
  }
}

async function take(
  folder: string,
  what: string,
  say: Setup["say"],
  signal: AbortSignal,
): Promise<() => Promise<void>> {
  const started = Date.now();
  for (let polls = 0; ; polls++) {
    try {
      return await lock(folder, {
        realpath: false,
        stale: staleMs,
        // A machine that slept looks dead to the others. Every step of a build may be done twice, and
        // what completes it comes last: going on is right.
        onCompromised: () => undefined,
      });
    } catch (cause) {
      if ((cause as { code?: string }).code !== "ELOCKED") throw cause;
    }
    if (polls % 10 === 0) {
      const seconds = Math.round((Date.now() - started) / 1000);
      say(`waiting for another r1sgg that is installing ${what} (${seconds} s)`);
    }
    await sleep(500, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}
