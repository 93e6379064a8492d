import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { readEnd } from "./log-tail.ts";

/** How far a run is, by the last lines of its newest progress file. */
export interface RunProgress {
  readonly step: number;
  readonly of: number;
  readonly loss: number | undefined;
  readonly reward: number | undefined;
  /** Over the last steps of this start. */
  readonly secondsPerStep: number | undefined;
  /** At that speed. */
  readonly secondsLeft: number | undefined;
  /** When the last step was done, ISO 8601. */
  readonly at: string;
}

type Line = Readonly<Record<string, unknown>>;

/** Reads how far a run is; undefined before its first step. */
export async function runProgress(runDir: string): Promise<RunProgress | undefined> {
  const folder = join(runDir, "progress");
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(".jsonl"));
  const files = await Promise.all(
    names.map(async (name) => ({ name, at: (await stat(join(folder, name))).mtimeMs })),
  );
  const newest = files.toSorted((a, b) => b.at - a.at)[0];
  return newest && progressOf(readEnd(join(folder, newest.name)).split("\n").slice(-40));
}

/** {@link runProgress} of the last lines themselves. */
export function progressOf(texts: readonly string[]): RunProgress | undefined {
  const lines = texts.flatMap(parse);
  const start = lines.findLastIndex((line) => line.phase !== undefined) + 1;
  const steps = lines.filter((line) => typeof line.step === "number");
  const ofThisStart = lines.slice(start).filter((line) => typeof line.step === "number");
  const [first, last] = [ofThisStart[0], steps.at(-1)];
  const [step, of, time] = [last?.step, last?.of, last?.time];
  if (typeof step !== "number" || typeof of !== "number" || typeof time !== "number") return;
  const done = step - numberOf(first?.step, step);
  const secondsPerStep = done > 0 ? (time - numberOf(first?.time, time)) / done : undefined;
  return {
    ...{ step, of, secondsPerStep },
    loss: typeof last?.loss === "number" ? last.loss : undefined,
    reward: typeof last?.reward === "number" ? last.reward : undefined,
    secondsLeft: secondsPerStep === undefined ? undefined : (of - step) * secondsPerStep,
    at: new Date(time * 1000).toISOString(),
  };
}

const numberOf = (value: unknown, otherwise: number): number =>
  typeof value === "number" ? value : otherwise;

/** The first of the last lines may be a half one, cut by the length that is read. */
function parse(text: string): readonly Line[] {
  try {
    return [JSON.parse(text) as Line];
  } catch {
    return [];
  }
}
