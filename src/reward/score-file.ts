import { type FileHandle, mkdir, open, rename, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { cannotWrite, discard } from "../cannot-write.ts";
import type { Target } from "../core/graph/scene-graph.ts";
import { type Fault, faultList } from "../data/fault.ts";
import { type Line, readLines } from "../data/lines.ts";
import { SggError } from "../errors.ts";
import { createLineScorers, type LineScorers } from "./line-scorers.ts";
import type { LineSettings, LookedUp } from "./score-lines.ts";
import { createCounter, type Tally } from "./tally.ts";

/** How far a file is. */
export interface ScoreProgress {
  readonly completions: number;
  /** Of the bytes of the file. */
  readonly share: number;
}

/** Which file, how, and with what. */
export interface ScoreFileOptions {
  readonly input: string;
  readonly output: string;
  readonly settings: Omit<LineSettings, "hasDataset">;
  /** The targets of a dataset by image_id, for lines that bring none. */
  readonly targets?: ReadonlyMap<string, Target>;
  /** Threads that score; 0 for this one. */
  readonly threads: number;
  /** Its reason is thrown. */
  readonly signal: AbortSignal;
  readonly onProgress: (progress: ScoreProgress) => void;
}

const linesAtOnce = 64;
const faultsTold = 20;

/**
 * Scores every line of a JSONL file into another, line for line, in constant memory.
 *
 * The output appears whole or not at all: it is written under a temporary name beside it. A file
 * with a bad line is read to its end, so that all faults are known, and scored no further.
 *
 * Errors: SggError DATA with the first 20 faults and how many there are, for a file that cannot be
 *   read or written, or has no lines; the signal's reason
 */
export async function scoreFile(options: ScoreFileOptions): Promise<Tally> {
  const { input, output, settings, targets, threads, signal } = options;
  const size = await sizeOf(input);
  const temporary = join(dirname(output), `.${basename(output)}.${process.pid}.tmp`);
  const scorers = await createLineScorers(threads, { ...settings, hasDataset: !!targets });
  const stop = () => void scorers.close();
  signal.addEventListener("abort", stop);
  let file: FileHandle | undefined;
  try {
    await mkdir(dirname(output), { recursive: true });
    file = await open(temporary, "w");
    const tally = await scoreInto(file, size, scorers, options);
    await file.sync();
    await file.close();
    await rename(temporary, output);
    return tally;
  } catch (cause) {
    await file?.close();
    await discard(temporary);
    signal.throwIfAborted();
    throw cannotWrite(output, cause);
  } finally {
    signal.removeEventListener("abort", stop);
    await scorers.close();
  }
}

async function scoreInto(
  file: FileHandle,
  size: number,
  scorers: LineScorers,
  { input, settings, targets, signal, onProgress }: ScoreFileOptions,
): Promise<Tally> {
  const counter = createCounter(settings.rewards);
  const faults: Fault[] = [];
  let [faultCount, completions, bytes] = [0, 0, 0];
  const work = async (lines: readonly LookedUp[]) => ({
    lines,
    scored: await scorers.score({ lines, score: faultCount === 0 }),
  });
  for await (const { lines, scored } of inOrder(
    batches(input, targets, signal),
    work,
    scorers.atOnce,
  )) {
    signal.throwIfAborted();
    faultCount += scored.faults.length;
    faults.push(...scored.faults.slice(0, faultsTold - faults.length));
    await file.appendFile(scored.output);
    counter.add(scored.summary);
    completions += lines.length;
    bytes += lines.reduce((sum, { text }) => sum + Buffer.byteLength(text) + 1, 0);
    onProgress({ completions, share: size === 0 ? 1 : Math.min(1, bytes / size) });
  }
  if (faultCount > 0) throw faulty(input, faults, faultCount);
  if (completions > 0) return counter.tally();
  throw new SggError("DATA", `Cannot score "${input}": no lines, expected at least one`);
}

function faulty(input: string, faults: readonly Fault[], count: number): SggError {
  const many = count === 1 ? "1 fault" : `${count} faults`;
  const more = count > faults.length ? `\n  and ${count - faults.length} more` : "";
  return new SggError(
    "DATA",
    `Cannot score "${input}": ${many}, expected none\n${faultList(faults)}${more}`,
  );
}

async function* batches(
  input: string,
  targets: ReadonlyMap<string, Target> | undefined,
  signal: AbortSignal,
): AsyncGenerator<readonly LookedUp[]> {
  let batch: LookedUp[] = [];
  for await (const line of readable(input, signal)) {
    batch.push(targets ? { ...line, target: targets.get(imageIdOf(line.text)) } : line);
    if (batch.length < linesAtOnce) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** The image_id of a line, so far as it has one; its faults are told by whoever reads it whole. */
function imageIdOf(text: string): string {
  try {
    return String((JSON.parse(text) as { image_id?: unknown } | null)?.image_id);
  } catch (cause) {
    if (cause instanceof SyntaxError) return "";
    throw cause;
  }
}

const unreadable = (input: string, cause: NodeJS.ErrnoException): SggError => {
  const found = cause.code === "ENOENT" ? "nothing there" : cause.message;
  return new SggError("DATA", `Cannot read "${input}": ${found}, expected a JSONL file`, { cause });
};

async function sizeOf(input: string): Promise<number> {
  const { size } = await stat(input).catch((cause) => {
    throw unreadable(input, cause);
  });
  return size;
}

/** The lines of a file; the file system's errors in a sentence. */
async function* readable(input: string, signal: AbortSignal): AsyncGenerator<Line> {
  try {
    yield* readLines(input, { signal });
  } catch (cause) {
    if (!(cause instanceof Error && "code" in cause)) throw cause;
    throw unreadable(input, cause as NodeJS.ErrnoException);
  }
}

/** Results in the order of the source, while the next ones are worked on. */
async function* inOrder<T, R>(
  source: AsyncIterable<T>,
  work: (one: T) => Promise<R>,
  atOnce: number,
): AsyncGenerator<R> {
  const pending: Promise<R>[] = [];
  for await (const one of source) {
    const result = work(one);
    result.catch(() => {}); // it is thrown when its turn comes
    pending.push(result);
    if (pending.length >= atOnce) yield await pending.shift()!;
  }
  while (pending.length > 0) yield await pending.shift()!;
}
