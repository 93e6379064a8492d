import { SggError } from "../errors.ts";
import { atMost } from "./at-most.ts";
import { claimRun } from "./claim.ts";
import { type Ending, endProcesses } from "./end-processes.ts";
import { onInterrupt } from "./interrupts.ts";
import { type Journal, openJournal } from "./journal.ts";
import { orAbort } from "./or-abort.ts";
import { members } from "./processes.ts";
import { membershipOf, tasksOf } from "./record.ts";
import { describeExit, type RoleExit } from "./role.ts";
import { type Roles, superviseRoles } from "./roles.ts";
import { startWatchdog, type Watchdog } from "./watchdog.ts";

/** What a run may do with its roles and its record. */
export interface Supervisor extends Roles {
  /** Marks the processes of the run, as R1SGG_RUN_TOKEN. */
  readonly token: string;
  /** Aborts with the SggError that ends the run. */
  readonly signal: AbortSignal;
  /** Work in the background: its failure ends the run, like that of a role. */
  readonly watch: <T>(work: Promise<T>) => Promise<T>;
  /** Says in the record where the run is. */
  readonly stage: (name: string) => void;
  /** Adds fields to the record. */
  readonly note: (fields: Readonly<Record<string, unknown>>) => void;
  readonly event: Journal["event"];
}

export interface Supervision {
  readonly runDir: string;
  readonly runId: string;
  /** Between the request to end and the kill. */
  readonly graceMs?: number;
  /** Interrupts the run as Ctrl-C does; its reason is the SggError that ends the run. */
  readonly interrupt?: AbortSignal;
  readonly say: (text: string) => void;
}

/**
 * Runs a body that starts roles, and leaves none of them behind, however it ends.
 *
 * A role that exits unexpectedly, a signal to us, or an error of the body ends the run: the roles
 * are asked to end, then killed after the grace time. When this process is killed the reaper does it.
 *
 * @throws {SggError} LAUNCH or ROLE naming the role that ended first; INTERRUPTED on a signal to us;
 *   USAGE when another process uses the run folder; else what the body threw
 */
export async function superviseRun<T>(
  { runDir, runId, graceMs = 10_000, interrupt, say }: Supervision,
  body: (run: Supervisor) => Promise<T>,
): Promise<T> {
  const ending = new AbortController();
  const hurry = new AbortController();
  const end = (error: unknown) => ending.abort(error);
  const release = onInterrupt(
    (signal) => {
      say(`${signal}: stopping (up to ${graceMs / 1000} s; Ctrl-C again kills at once)`);
      end(new SggError("INTERRUPTED", `Run "${runId}" was interrupted by ${signal}`));
    },
    () => hurry.abort(),
  );
  const interrupted = () => end(interrupt?.reason);
  interrupt?.addEventListener("abort", interrupted, { once: true });
  if (interrupt?.aborted) interrupted();
  try {
    const patience = { graceMs, hurry: hurry.signal, asked: new Set<string>() };
    const record = await claimRun({ runDir, runId, say, ...patience });
    const journal = openJournal(runDir, record, end);
    journal.event("started", { pid: process.pid });
    const signal = ending.signal;
    const roles = superviseRoles({ journal, patience, signal, end });
    const { token } = record;
    let failure: unknown;
    let over = false;
    let watchdog: Watchdog | undefined;
    let work: Promise<T> | undefined;
    try {
      watchdog = await startWatchdog(runDir, token, graceMs);
      journal.update({ reaper: watchdog.id });
      void watchdog.exited.then((exit) => over || end(reaperError(watchdog, exit)));
      signal.throwIfAborted();
      work = body({ ...roles, token, signal, ...tools(journal, end, roles.explained) });
      return await orAbort(work, signal);
    } catch (error) {
      await roles.explained();
      failure = signal.aborted ? signal.reason : error;
      throw failure;
    } finally {
      roles.close();
      // First who trains, while samplers and rewards still answer: it saves at its next step.
      const training = () => tasksOf(journal.record()).flatMap(members);
      const tasks = await endProcesses(training, patience);
      const rest = await endProcesses(() => members(membershipOf(journal.record())), patience);
      const outcome = together(tasks, rest);
      await roles.settled();
      // A body that was left behind gets a moment to notice, unless somebody is in a hurry.
      if (work) await atMost(2000, work, hurry.signal);
      finish(journal, failure, outcome, say);
      over = true;
      await watchdog?.close();
    }
  } finally {
    release();
    interrupt?.removeEventListener("abort", interrupted);
  }
}

/** The parts of a supervisor that speak to the journal. */
const tools = (
  journal: Journal,
  end: (error: unknown) => void,
  explained: () => Promise<void>,
): Pick<Supervisor, "watch" | "stage" | "note" | "event"> => ({
  event: journal.event,
  note: (fields) => journal.update(fields),
  stage: (stage) => {
    journal.update({ stage });
    journal.event("stage", { stage });
  },
  watch: (work) => {
    work.catch(async (error: unknown) => {
      await explained();
      end(error);
    });
    return work;
  },
});

const together = (first: Ending, rest: Ending): Ending => ({
  found: first.found + rest.found,
  killed: [...first.killed, ...rest.killed],
  left: rest.left,
});

/** Writes how the run ended. */
function finish(journal: Journal, failure: unknown, outcome: Ending, say: (text: string) => void) {
  const interrupted = failure instanceof SggError && failure.code === "INTERRUPTED";
  const state = failure === undefined ? "done" : interrupted ? "interrupted" : "failed";
  const reason = failure instanceof Error ? failure.message : undefined;
  const left = outcome.left.map(({ pid }) => pid);
  if (left.length > 0) say(`processes ${left.join(", ")} do not end, not even by SIGKILL`);
  journal.update({ state, endedAt: new Date().toISOString(), reason });
  const killed = outcome.killed.map(({ pid }) => pid);
  journal.event(state, { reason, ended: outcome.found, killed, left });
}

const reaperError = (watchdog: Watchdog | undefined, exit: RoleExit): SggError =>
  new SggError(
    "LAUNCH",
    `Cannot go on without role "reaper" (process ${watchdog?.id.pid}, which cleans up if we are killed): it ${describeExit(exit)}, expected it to live as long as the run; see ${watchdog?.logPath}`,
  );
