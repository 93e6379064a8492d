import { setTimeout as delay } from "node:timers/promises";
import { atMost } from "./at-most.ts";
import { isDying } from "./processes.ts";
import type { RoleExit, Started } from "./role.ts";

/** A role that may have ended. */
export interface Ended {
  readonly started: Started;
  readonly exited: Promise<RoleExit>;
  readonly exit?: RoleExit;
  readonly endIsFine: boolean;
}

/** Ends that come this close together have no order that we could see. */
const togetherMs = 100;
/** A killed process that gives back gigabytes is reported late; longer than this it is not waited for. */
export const dyingMs = 10_000;

/**
 * Which role ended first, when the end of one has just been reported.
 *
 * A service that is killed may be reported after the trainer that failed because of it: who was
 * already dying when the first report came, or ended within 100 ms of it, counts as ended with it.
 * Of those a role killed by a signal comes before one that gave up, and a service before a task.
 */
export async function firstToEnd<T extends Ended>(reported: T, all: readonly T[]): Promise<T> {
  const others = all.filter((one) => one !== reported && !one.endIsFine);
  const before = others.filter((one) => one.exit === undefined && isDying(one.started));
  const open = others.filter((one) => one.exit === undefined);
  await delay(togetherMs);
  await atMost(dyingMs, Promise.all(before.map((one) => one.exited)));
  const together = [reported, ...open.filter((one) => one.exit !== undefined)];
  return together.toSorted((a, b) => rank(a) - rank(b))[0] ?? reported;
}

const rank = ({ exit, started }: Ended): number =>
  (exit?.signal === undefined ? 2 : 0) + (started.spec.kind === "service" ? 0 : 1);
