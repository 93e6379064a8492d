import type { Observed } from "../launch/observe.ts";
import type { RunProgress } from "../launch/run-progress.ts";
import { wrapped } from "../plan/explain/wrap.ts";
import { align } from "./columns.ts";

const heads = [
  ...["RUN", "STATE", "STAGE", "STEP", "SPEED", "REWARD", "LEFT", "WHERE", "STARTED", "ENDED"],
  "REASON",
] as const;

/** What is given up first where a terminal is too narrow. A reason is never: it goes below its run. */
const spared = ["STARTED", "ENDED", "WHERE", "STAGE", "SPEED", "REWARD", "LEFT"] as const;

/**
 * Runs as a table, one a line. On a terminal so narrow that lines would break, reasons stand below
 * their runs, and as many columns are left out as it takes.
 *
 * Unit: `columns` of the terminal; without them everything stands on one line
 */
export function toTable(all: readonly Observed[], columns = Number.POSITIVE_INFINITY): string {
  const rows = all.map(toRow);
  const whole = align([heads, ...rows]);
  if (widthOf(whole) <= columns) return whole;
  for (let left = 0; ; left += 1) {
    const names = heads.filter(
      (name) => name !== "REASON" && !(spared.slice(0, left) as readonly string[]).includes(name),
    );
    const at = names.map((name) => heads.indexOf(name));
    const text = align([names, ...rows.map((row) => at.map((index) => row[index] ?? ""))]);
    if (widthOf(text) <= columns || left === spared.length) return withReasons(text, rows, columns);
  }
}

function withReasons(table: string, rows: readonly (readonly string[])[], columns: number): string {
  const [head = "", ...lines] = table.split("\n").slice(0, -1);
  const told = lines.map((line, at) => {
    const reason = rows[at]?.at(-1) ?? "-";
    return reason === "-" ? line : `${line}\n${wrapped("", reason, columns, 2)}`;
  });
  return `${[head, ...told].join("\n")}\n`;
}

const widthOf = (text: string): number => Math.max(...text.split("\n").map((line) => line.length));

const toRow = (run: Observed): readonly string[] => [
  run.id,
  run.state,
  run.stage ?? "-",
  ...toProgress(run.progress, run.state === "running"),
  toWhere(run),
  toLocal(run.started),
  toLocal(run.ended),
  clip(run.reason?.split("\n")[0] ?? "-", 100),
];

/** Step, speed, reward and time left; the last only of a run that goes on. */
export function toProgress(
  progress: RunProgress | undefined,
  goesOn: boolean,
): readonly [string, string, string, string] {
  if (progress === undefined) return ["-", "-", "-", "-"];
  const { step, of, secondsPerStep, reward, secondsLeft } = progress;
  return [
    `${step}/${of}`,
    secondsPerStep === undefined ? "-" : `${secondsPerStep.toPrecision(3)} s/step`,
    reward === undefined ? "-" : reward.toPrecision(3),
    secondsLeft === undefined || !goesOn ? "-" : toDuration(secondsLeft),
  ];
}

/** Processes here; job and nodes on a cluster. */
function toWhere({ state, slurm, pid, roles }: Observed): string {
  if (slurm !== undefined)
    return [`job ${slurm.job}`, slurm.known?.nodes].filter(Boolean).join(" ");
  if (state !== "running") return "-";
  const running = roles.filter((role) => role.running);
  return [pid, ...running.map((role) => `${role.name}:${role.pid}`)].join(" ");
}

/** Hours and minutes, or minutes and seconds. */
export function toDuration(seconds: number): string {
  const [whole, pad] = [Math.round(seconds), (part: number) => String(part).padStart(2, "0")];
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours > 0 ? `${hours} h ${pad(minutes)} min` : `${minutes} min ${pad(whole % 60)} s`;
}

/** Local time to the second, as people write it. */
export const toLocal = (time: string | undefined): string =>
  time === undefined ? "-" : new Date(time).toLocaleString("sv-SE");

const clip = (text: string, width: number): string =>
  text.length <= width ? text : `${text.slice(0, width - 3)}...`;
