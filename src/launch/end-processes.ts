import { setTimeout as delay } from "node:timers/promises";
import type { Member, ProcessId } from "./processes.ts";

/** How patient to be. */
export interface Patience {
  /** From the request to end (SIGTERM) to the kill (SIGKILL). */
  readonly graceMs: number;
  /** Kills at once when it aborts. */
  readonly hurry?: AbortSignal | undefined;
  /** Who has been asked already: a second SIGTERM would cut a clean-up short. */
  readonly asked?: Set<string>;
}

/** What it took. */
export interface Ending {
  readonly found: number;
  readonly killed: readonly ProcessId[];
  /** Still there 10 s after SIGKILL: stuck in the kernel. */
  readonly left: readonly ProcessId[];
}

const stuckMs = 10_000;

/**
 * Ends all processes that `find` gives, now and while they end.
 *
 * Only the topmost of them get SIGTERM, so that a program ends its own children in its own order; a
 * child whose parent has gone is topmost in its turn. Whoever is left after the grace is killed.
 */
export async function endProcesses(
  find: () => readonly Member[],
  { graceMs, hurry, asked = new Set() }: Patience,
): Promise<Ending> {
  const start = performance.now();
  const found = new Set<string>();
  const killed = new Map<string, ProcessId>();
  let killingSince: number | undefined;
  for (let pauseMs = 20; ; pauseMs = Math.min(200, pauseMs * 1.5)) {
    const alive = find();
    for (const one of alive) found.add(key(one));
    const now = performance.now();
    const stuck = killingSince !== undefined && now - killingSince > stuckMs;
    if (alive.length === 0 || stuck) {
      return { found: found.size, killed: [...killed.values()], left: alive };
    }
    if (now - start >= graceMs || hurry?.aborted) {
      killingSince ??= now;
      for (const one of alive) {
        send(one, "SIGKILL");
        killed.set(key(one), { pid: one.pid, start: one.start });
      }
      pauseMs = 20;
    } else {
      const pids = new Set(alive.map((one) => one.pid));
      for (const one of alive) {
        if (pids.has(one.parent) || asked.has(key(one))) continue;
        asked.add(key(one));
        send(one, "SIGTERM");
      }
    }
    const graceLeftMs = graceMs - (now - start);
    await pause(graceLeftMs > 0 ? Math.min(pauseMs, graceLeftMs) : pauseMs, hurry);
  }
}

const key = ({ pid, start }: ProcessId): string => `${pid} ${start}`;

const send = ({ pid }: ProcessId, signal: NodeJS.Signals): void => {
  try {
    process.kill(pid, signal);
  } catch (cause) {
    if (!(cause instanceof Error && "code" in cause)) throw cause; // ESRCH: it has just ended
  }
};

/** Waits, but not once `hurry` comes. */
const pause = async (ms: number, hurry: AbortSignal | undefined): Promise<void> => {
  if (hurry === undefined || hurry.aborted) return delay(ms);
  await delay(ms, undefined, { signal: hurry }).catch(() => undefined);
};
