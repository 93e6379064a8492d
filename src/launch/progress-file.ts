import { open } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

/** One line of `progress/<role>.jsonl`: a phase before training, or the numbers of one step. */
export type ProgressLine = Readonly<Record<string, number | string>>;

/**
 * Follows a worker's progress file and hands on each new line, until the signal aborts.
 *
 * The file may not be there yet, and its last line may be half-written: that one waits.
 */
export async function followProgress(
  path: string,
  onLine: (line: ProgressLine) => void,
  signal: AbortSignal,
): Promise<void> {
  let offset = 0;
  while (!signal.aborted) {
    const text = await readFrom(path, offset);
    const whole = text.slice(0, text.lastIndexOf("\n") + 1);
    offset += Buffer.byteLength(whole);
    for (const line of whole.split("\n").filter(Boolean)) onLine(JSON.parse(line) as ProgressLine);
    await sleep(500, undefined, { signal }).catch(() => {});
  }
}

async function readFrom(path: string, offset: number): Promise<string> {
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (!file) return "";
  try {
    const { size } = await file.stat();
    const buffer = Buffer.alloc(Math.max(0, size - offset));
    await file.read(buffer, 0, buffer.length, offset);
    return buffer.toString("utf8");
  } finally {
    await file.close();
  }
}

/** A step's line in words: `step 40/120, loss 2.31`. */
export function describeStep(line: ProgressLine): string {
  if (typeof line.phase === "string") return line.phase;
  const numbers = ["loss", "reward"].flatMap((name) => {
    const value = line[name];
    return typeof value === "number" ? [`${name} ${value.toPrecision(3)}`] : [];
  });
  return [`step ${line.step}/${line.of}`, ...numbers].join(", ");
}
