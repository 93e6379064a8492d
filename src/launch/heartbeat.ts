import { stat } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { SggError } from "../errors.ts";

/** What must keep growing while a role works. */
export interface Heartbeat {
  readonly role: string;
  readonly path: string;
  readonly stallSeconds: number;
}

/**
 * Watches a file until the signal aborts.
 *
 * Errors: SggError ROLE when the file, there or not, stands still for too long
 */
export async function watchHeartbeat(
  { role, path, stallSeconds }: Heartbeat,
  signal: AbortSignal,
): Promise<void> {
  let size = -1;
  let since = performance.now();
  while (!signal.aborted) {
    const now = await stat(path).then(
      (file) => file.size,
      () => -1,
    );
    if (now !== size) [size, since] = [now, performance.now()];
    else if (performance.now() - since > stallSeconds * 1000)
      throw new SggError(
        "ROLE",
        `Cannot go on without role "${role}": nothing new in ${path} for ${stallSeconds} s, expected it to grow`,
      );
    await sleep(1000, undefined, { signal }).catch(() => {});
  }
}
