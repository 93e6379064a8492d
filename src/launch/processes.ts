import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";

/** Environment variables that every process of a run inherits: the run it belongs to, and its role. */
export const tokenVariable = "R1SGG_RUN_TOKEN";
export const roleVariable = "R1SGG_RUN_ROLE";

/** A process that cannot be mistaken for a later one which got the same number. */
export interface ProcessId {
  readonly pid: number;
  /** Boot and clock tick of its start; another word on systems without /proc. */
  readonly start: string;
}

/** A live process of a run. */
export interface Member extends ProcessId {
  readonly parent: number;
}

/** How the processes of a run, or of one role in it, are told from all others. */
export interface Membership {
  readonly token: string;
  readonly role?: string;
  /** Processes that we started, each the leader of its own session. */
  readonly leaders: readonly ProcessId[];
  /** Log files that they and their children write to as stdout or stderr: real paths. */
  readonly logs: readonly string[];
}

interface Entry extends Member {
  readonly group: number;
  readonly session: number;
  /** Gone but for its exit code (a zombie), or on the way there. */
  readonly ended: boolean;
  readonly dying: boolean;
  readonly kernel: boolean;
}

const hasProc = existsSync("/proc/self/stat");

/**
 * Live processes of a run: marked by the environment, or in a session of the run, or writing to one
 * of its logs, or children of any of these.
 *
 * The environment alone does not do: programs that set their own title (vLLM's engine) overwrite it
 * in place. On systems without /proc only the process groups of the leaders are seen, each as one
 * member with a negative pid, as `kill` takes it.
 */
export function members(of: Membership): Member[] {
  if (!hasProc) return of.leaders.filter(groupExists).map(toGroup);
  const table = processTable();
  const own = table.get(process.pid);
  const sessions = new Set(
    of.leaders.filter((one) => !isReused(one, table.get(one.pid))).map((one) => one.pid),
  );
  const found = new Map<number, Entry>();
  for (const entry of table.values()) {
    if (entry.ended || entry.kernel || entry.pid === process.pid) continue;
    const mark = markOf(entry.pid, of);
    if (mark !== undefined) found.set(entry.pid, entry);
    // Only who has our environment is surely in a session of ours: anybody may write to a file.
    if (mark === "environment" && entry.session !== own?.session) sessions.add(entry.session);
  }
  for (let before = -1; before < found.size; ) {
    before = found.size;
    for (const entry of table.values()) {
      if (entry.ended || entry.pid === process.pid || found.has(entry.pid)) continue;
      const belongs =
        sessions.has(entry.session) || sessions.has(entry.group) || found.has(entry.parent);
      if (belongs) found.set(entry.pid, entry);
    }
  }
  return [...found.values()];
}

/** Identity of a live process; undefined when there is none (a zombie counts as none). */
export function processId(pid: number): ProcessId | undefined {
  const entry = hasProc ? readEntry(pid, bootId()) : readWithPs(pid);
  return entry === undefined || entry.ended ? undefined : { pid, start: entry.start };
}

/** Whether exactly this process still lives. */
export const isAlive = (id: ProcessId): boolean => processId(id.pid)?.start === id.start;

/** Whether a process is past its end but not yet reported, as one that frees gigabytes may be. */
export const isDying = ({ pid }: ProcessId): boolean => {
  const entry = hasProc ? readEntry(pid, bootId()) : undefined;
  return entry?.dying === true || entry?.ended === true;
};

const isReused = (id: ProcessId, now: Entry | undefined): boolean =>
  now !== undefined && now.start !== id.start;

const processTable = (): Map<number, Entry> => {
  const boot = bootId();
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  const entries = pids.map((pid) => readEntry(Number(pid), boot));
  return new Map(entries.filter((one) => one !== undefined).map((one) => [one.pid, one]));
};

const bootId = (): string => tryRead("/proc/sys/kernel/random/boot_id")?.slice(0, 8) ?? "";

/** One line of /proc/PID/stat, read from after the name, which may hold anything (proc(5)). */
function readEntry(pid: number, boot: string): Entry | undefined {
  const stat = tryRead(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const flags = Number(fields[6]);
  return {
    pid,
    parent: Number(fields[1]),
    group: Number(fields[2]),
    session: Number(fields[3]),
    start: `${boot}:${fields[19]}`,
    ended: fields[0] === "Z" || fields[0] === "X",
    dying: (flags & 0x4) !== 0, // PF_EXITING, linux/sched.h
    kernel: (flags & 0x200000) !== 0, // PF_KTHREAD
  };
}

function markOf(pid: number, of: Membership): "environment" | "log" | undefined {
  const environment = `\0${tryRead(`/proc/${pid}/environ`) ?? ""}`;
  const has = (name: string, value: string) => environment.includes(`\0${name}=${value}\0`);
  if (has(tokenVariable, of.token)) {
    return of.role === undefined || has(roleVariable, of.role) ? "environment" : undefined;
  }
  const output = ["1", "2"].map((fd) => tryLink(`/proc/${pid}/fd/${fd}`) ?? "");
  return output.some((file) => of.logs.includes(file)) ? "log" : undefined;
}

/** A process may end, or belong to somebody else, between being listed and being read. */
const orUndefined = (read: () => string): string | undefined => {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof Error && "code" in cause) return undefined;
    throw cause;
  }
};
const tryRead = (path: string) => orUndefined(() => readFileSync(path, "latin1"));
const tryLink = (path: string) => orUndefined(() => readlinkSync(path));

const groupExists = ({ pid }: ProcessId): boolean => {
  try {
    return process.kill(-pid, 0);
  } catch {
    return false; // ESRCH: nobody is left in it
  }
};
const toGroup = ({ pid, start }: ProcessId): Member => ({ pid: -pid, start, parent: 0 });

function readWithPs(pid: number): { readonly start: string; readonly ended: boolean } | undefined {
  const args = ["-o", "stat=,lstart=", "-p", String(pid)];
  const line = orUndefined(() => execFileSync("ps", args, { encoding: "utf8", stdio: "pipe" }));
  const [, state = "", start = ""] = /^(\S+)\s+(.*\S)\s*$/.exec(line ?? "") ?? [];
  return start === "" ? undefined : { start, ended: state.startsWith("Z") };
}
