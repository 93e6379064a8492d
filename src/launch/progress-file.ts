import { open } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

/** One line of `progress/<role>.jsonl`: a phase before training, or the numbers of one step. */
export type ProgressLine = Readonly<Record<string, number | string>>;

/**
 * Follows a worker's progress file and hands on each new line, until the signal aborts.
 *
 * The file may not be there yet, and its last line may be half-written: that one waits. A worker that
 * starts again begins the file anew: then it is read from its beginning. Should it have outgrown the old
 * one between two looks, what is no whole line there is passed over: showing steps must not end a run.
 */
export async function followProgress(
  path: string,
  onLine: (line: ProgressLine) => void,
  signal: AbortSignal,
): Promise<void> {
  let offset = 0;
  while (!signal.aborted) {
    const { from, text } = await readFrom(path, offset);
    const whole = text.slice(0, text.lastIndexOf("\n") + 1);
    offset = from + Buffer.byteLength(whole);
    for (const line of whole.split("\n").filter(Boolean)) {
      const read = parseLine(line);
      if (read !== undefined) onLine(read);
    }
    await sleep(500, undefined, { signal }).catch(() => {});
  }
}

function parseLine(text: string): ProgressLine | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as ProgressLine) : undefined;
  } catch {
    return undefined;
  }
}

/** What a file holds from an offset on; of one that has become shorter than that, all. */
async function readFrom(
  path: string,
  offset: number,
): Promise<{ readonly from: number; readonly text: string }> {
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (!file) return { from: 0, text: "" };
  try {
    const { size } = await file.stat();
    const from = size < offset ? 0 : offset;
    const buffer = Buffer.alloc(size - from);
    const { bytesRead } = await file.read(buffer, 0, buffer.length, from);
    return { from, text: buffer.toString("utf8", 0, bytesRead) };
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
