import { SggError } from "../errors.ts";
import { atMost } from "./at-most.ts";
import { endProcesses, type Patience } from "./end-processes.ts";
import { dyingMs, firstToEnd } from "./first-to-end.ts";
import type { Journal } from "./journal.ts";
import { orAbort } from "./or-abort.ts";
import { isServedBy } from "./ports.ts";
import { isDying, type Member, members } from "./processes.ts";
import { type Probe, waitUntilReady } from "./ready.ts";
import type { RoleRecord } from "./record.ts";
import {
  quoteLog,
  type RoleExit,
  type RoleSpec,
  roleError,
  type Started,
  startRole,
} from "./role.ts";
import type { Readiness, StartOptions } from "./start-options.ts";

/** A running role. */
export interface Role {
  readonly name: string;
  readonly pid: number;
  readonly exited: Promise<RoleExit>;
  /**
   * Resolves when a task has ended well and left no process, or a service was stopped; rejects with
   * the error that ends the run, whoever caused it.
   */
  readonly done: Promise<void>;
}

export interface Roles {
  /**
   * Starts a role. With `untilReady` it returns when the probe says so, and until then an exit does
   * not end the run: it fails this call, and nothing of the role is left.
   *
   * @throws {SggError} LAUNCH when it cannot start, ends or stays unready; what ends the run
   */
  readonly start: (spec: RoleSpec, options?: StartOptions) => Promise<Role>;
  /** Ends a role and all its children; returns when they are gone. */
  readonly stop: (role: Role) => Promise<void>;
}

/** How long a failure elsewhere waits for the end of a role. */
const explainMs = 1000;

interface Live {
  readonly started: Started;
  readonly exited: Promise<RoleExit>;
  exit?: RoleExit;
  /** Its end is awaited: it is being stopped, or not ready yet. */
  endIsFine: boolean;
}

export interface RolesOptions {
  readonly journal: Journal;
  readonly patience: Patience;
  readonly signal: AbortSignal;
  /** Ends the run. */
  readonly end: (error: unknown) => void;
}

/** Starts and stops the roles of one run; the first to exit unexpectedly ends it. */
export function superviseRoles({ journal, patience, signal, end }: RolesOptions) {
  const live = new Map<number, Live>();
  let deciding = false;

  const find = ({ started }: Live): Member[] => {
    const { token } = journal.record();
    const { name } = started.spec;
    return members({ token, role: name, leaders: [started], logs: [started.log] });
  };
  const endRole = async (one: Live): Promise<void> => {
    one.endIsFine = true;
    await endProcesses(() => find(one), patience);
    await atMost(2000, one.exited); // unless it is stuck in the kernel
  };

  async function onExit(one: Live): Promise<void> {
    const fine = one.endIsFine || (one.started.spec.kind === "task" && one.exit?.code === 0);
    if (fine || deciding) return;
    deciding = true;
    const culprit = await firstToEnd(one, [...live.values()]);
    const { started, exit } = culprit;
    if (exit === undefined) throw new Error(`role "${started.spec.name}" has no exit`);
    const task = started.spec.kind === "task";
    end(roleError(started, exit, task ? "exit code 0" : "it to serve until the run ends"));
  }

  async function doneOf(one: Live): Promise<void> {
    const exit = await one.exited;
    if (one.endIsFine) return;
    if (one.started.spec.kind === "task" && exit.code === 0) return endRole(one);
    await new Promise(() => undefined); // the run ends; `orAbort` tells why
  }

  async function spawn(spec: RoleSpec, endIsFine: boolean): Promise<Live> {
    signal.throwIfAborted();
    const started = await startRole(spec, journal.record().token);
    const { pid, start, log } = started;
    const entry: RoleRecord = {
      ...{ name: spec.name, kind: spec.kind, pid, start, log },
      ...{ command: [spec.command, ...spec.args], startedAt: new Date().toISOString() },
    };
    journal.role(entry);
    journal.event("role started", { role: spec.name, pid });
    const exited = started.exited.then((exit) => {
      one.exit = exit;
      const how = { exitCode: exit.code, signal: exit.signal };
      journal.role({ ...entry, endedAt: new Date().toISOString(), ...how });
      journal.event("role ended", { role: spec.name, pid, ...how });
      void onExit(one);
      return exit;
    });
    const one: Live = { started, exited, endIsFine };
    live.set(pid, one);
    return one;
  }

  async function untilReady(one: Live, readiness: Readiness, spare: boolean): Promise<void> {
    const { probe, port, ...waiting } = readiness;
    const gone = new AbortController();
    const service = one.started.spec.name;
    const early = (exit: RoleExit) => roleError(one.started, exit, "it to become ready");
    void one.exited.then((exit) => gone.abort(early(exit)));
    const check: Probe = async (stop) => {
      const answer = await probe(stop);
      if (answer !== true || port === undefined) return answer;
      const pids = find(one).map(({ pid }) => pid);
      return isServedBy(port, pids) || `another program listens on port ${port}`;
    };
    const stop = AbortSignal.any([signal, gone.signal]);
    try {
      await waitUntilReady(check, { ...waiting, what: service, signal: stop });
      if (one.exit !== undefined) throw early(one.exit); // just now
    } catch (error) {
      // A probe may see the end of the service before it is reported.
      if (!stop.aborted) await atMost(explainMs, one.exited, signal);
      const { exit } = one;
      await endRole(one);
      signal.throwIfAborted();
      if (exit !== undefined) throw early(exit);
      if (!(error instanceof SggError)) throw error;
      throw new SggError(error.code, `${error.message}${quoteLog(one.started)}`, { cause: error });
    }
    one.endIsFine = spare;
    journal.event("role ready", { role: service });
  }

  return {
    start: async (spec: RoleSpec, { untilReady: readiness, spare = false }: StartOptions = {}) => {
      const one = await spawn(spec, spare || readiness !== undefined);
      if (readiness) await untilReady(one, readiness, spare);
      const done = orAbort(doneOf(one), signal);
      done.catch(() => undefined); // nobody need wait for it
      return { name: spec.name, pid: one.started.pid, exited: one.exited, done };
    },
    stop: async ({ pid }: Role) => {
      const one = live.get(pid);
      if (one) await endRole(one);
    },
    /**
     * Waits a moment, while roles run, for the end of one that explains a failure elsewhere: a
     * connection breaks before the death of the one behind it is reported.
     */
    explained: async () => {
      const never = new Promise(() => undefined);
      const running = [...live.values()].filter((one) => one.exit === undefined);
      if (running.length === 0 && !deciding) return;
      await atMost(explainMs, never, signal);
      if (deciding || running.some(({ started }) => isDying(started))) {
        await atMost(dyingMs, never, signal);
      }
    },
    /** From now on no exit is unexpected. */
    close: () => {
      for (const one of live.values()) one.endIsFine = true;
    },
    /** All exits are known and recorded, or do not come. */
    settled: async () => {
      const exits = [...live.values()].map(({ exited }) => exited);
      await atMost(2000, Promise.all(exits));
    },
  };
}
