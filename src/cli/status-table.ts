import type { Observed } from "../launch/observe.ts";
import type { RunProgress } from "../launch/run-progress.ts";
import { align } from "./columns.ts";

/** Runs as a table, one a line. */
export const toTable = (all: readonly Observed[]): string =>
  align([
    [
      "RUN",
      "STATE",
      "STAGE",
      "STEP",
      "SPEED",
      "REWARD",
      "LEFT",
      "WHERE",
      "STARTED",
      "ENDED",
      "REASON",
    ],
    ...all.map((run) => [
      run.id,
      run.state,
      run.stage ?? "-",
      ...toProgress(run.progress, run.state === "running"),
      toWhere(run),
      toLocal(run.started),
      toLocal(run.ended),
      clip(run.reason?.split("\n")[0] ?? "-", 100),
    ]),
  ]);

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
