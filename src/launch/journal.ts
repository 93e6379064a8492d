import { SggError } from "../errors.ts";
import { appendEvent } from "./events.ts";
import { type RoleRecord, type RunRecord, recordPath, writeRecord } from "./record.ts";

/** The written memory of a run in this process: `record.json` and `events.jsonl`. */
export interface Journal {
  readonly record: () => RunRecord;
  readonly update: (fields: Partial<RunRecord>) => void;
  /** Adds a role, or replaces the one with the same pid. */
  readonly role: (role: RoleRecord) => void;
  readonly event: (event: string, fields?: Readonly<Record<string, unknown>>) => void;
}

/**
 * Opens the journal of a run whose record is already on disk.
 *
 * A journal that cannot be written (a full disk) is told once, through `onFault`, and never thrown:
 * it is written from the handlers that end processes, which must go on.
 */
export function openJournal(
  runDir: string,
  first: RunRecord,
  onFault: (error: SggError) => void,
): Journal {
  let current = first;
  let faulty = false;
  const attempt = (write: () => void): void => {
    try {
      write();
    } catch (cause) {
      if (!(cause instanceof Error && "code" in cause)) throw cause;
      if (!faulty) onFault(journalError(runDir, cause));
      faulty = true;
    }
  };
  const update = (fields: Partial<RunRecord>): void => {
    current = { ...current, ...fields };
    attempt(() => writeRecord(runDir, current));
  };
  return {
    record: () => current,
    update,
    role: (role) => {
      const at = current.roles.findIndex((one) => one.pid === role.pid);
      update({ roles: at < 0 ? [...current.roles, role] : current.roles.with(at, role) });
    },
    event: (event, fields) => attempt(() => appendEvent(runDir, event, fields)),
  };
}

/** The disk is full, or the folder may not be written. */
export const journalError = (runDir: string, cause: Error): SggError =>
  new SggError(
    "LAUNCH",
    `Cannot write "${recordPath(runDir)}": ${cause.message}, expected a folder with free space that we may write to`,
    { cause },
  );
