import { type FileHandle, mkdir, open } from "node:fs/promises";
import { dirname } from "node:path";
import { cannotWrite } from "../cannot-write.ts";
import { readLines } from "../data/lines.ts";
import { type Prediction, readPrediction } from "../data/predictions.ts";
import { SggError } from "../errors.ts";
import { inOrder, type Place, rewriteInOrder } from "./line-order.ts";

/** A predictions file that grows. At any time it holds whole lines, one for an image at most. */
export interface PredictionsFile {
  /** The rows, by their number, that the file held when it was opened. */
  readonly held: ReadonlySet<number>;
  /** Takes the answer to row `index`; it is on disk when this resolves. */
  readonly put: (index: number, prediction: Prediction) => Promise<void>;
  /** Brings the lines into the order of the rows, and closes. */
  readonly finish: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/**
 * Opens a predictions file to begin or to go on; `ids` are those of the rows, in their order.
 *
 * Answers are written as they come, so that a kill costs none that has come and no slow one holds up
 * the others; `finish` puts them in order. A last line that a kill has torn is cut off.
 *
 * Errors: SggError DATA when the file holds something else than answers to these images, or two of
 * one; as `cannotWrite` when it cannot be written.
 */
export async function openPredictions(
  path: string,
  ids: readonly string[],
): Promise<PredictionsFile> {
  const failed = (cause: unknown): never => {
    throw cannotWrite(path, cause);
  };
  const create = async () => {
    await mkdir(dirname(path), { recursive: true });
    return open(path, "a+");
  };
  const file = await create().catch(failed);
  try {
    const { size } = await file.stat();
    const places = await readPlaces(path, ids, size);
    const last = places.at(-1);
    const end = last === undefined ? 0 : last.start + last.bytes;
    if (size > end) await file.truncate(end);
    const held = new Set(places.map(({ index }) => index));
    const append = appender(file, end);
    return {
      held,
      put: async (index, prediction) => {
        const line = `${JSON.stringify(prediction)}\n`;
        const start = await append(line).catch(failed);
        places.push({ index, start, bytes: Buffer.byteLength(line) });
      },
      finish: async () => {
        places.sort((a, b) => a.start - b.start);
        if (!inOrder(places)) await rewriteInOrder(path, file, places).catch(failed);
        await file.close();
      },
      close: () => file.close(),
    };
  } catch (cause) {
    await file.close();
    return failed(cause);
  }
}

/**
 * Appends texts in the order of the calls, those that wait as one write, each write synced.
 *
 * Gives where a text begins. After a write that failed, none is made any more: what it left of a line
 * is taken away, and must not get another behind it.
 */
function appender(file: FileHandle, end: number): (text: string) => Promise<number> {
  let waiting = "";
  let size = end;
  let writing = Promise.resolve();
  const flush = async () => {
    if (waiting === "") return;
    const text = waiting;
    waiting = "";
    try {
      await file.appendFile(text);
      await file.datasync();
      end += Buffer.byteLength(text);
    } catch (cause) {
      await file.truncate(end).catch(() => {}); // the first error is the one to tell
      throw cause;
    }
  };
  return async (text) => {
    const start = size;
    size += Buffer.byteLength(text);
    waiting += text;
    writing = writing.then(flush);
    await writing;
    return start;
  };
}

/** Where the whole lines of a file are and whose; a torn last one is left out. */
async function readPlaces(path: string, ids: readonly string[], size: number): Promise<Place[]> {
  const indexOf = new Map(ids.map((id, index) => [id, index]));
  const places: Place[] = [];
  const seen = new Set<string>();
  let broken: SggError | undefined;
  for await (const { number, text, start, bytes } of readLines(path)) {
    if (broken) throw broken; // it was not the last
    if (start + bytes === size && text.startsWith(lineStart)) break; // no newline after it
    const again = async () => text;
    const read = readPrediction({ where: `line ${number}`, text, again }, seen);
    if ("fault" in read) {
      broken = cannotContinue(path, read.fault);
      if (!isTorn(text)) throw broken;
      continue;
    }
    const { image_id } = read.value;
    const index = indexOf.get(image_id);
    if (index === undefined) {
      const found = `line ${number} is of image "${image_id}", expected an image of the dataset`;
      throw cannotContinue(path, found);
    }
    seen.add(image_id);
    places.push({ index, start, bytes: bytes + 1 });
  }
  return places;
}

/** Whether a text is the beginning of a line of ours, and no whole one: never that of another file. */
function isTorn(text: string): boolean {
  if (!text.startsWith(lineStart) && !lineStart.startsWith(text)) return false;
  try {
    JSON.parse(text);
    return false;
  } catch (cause) {
    if (cause instanceof SyntaxError) return true;
    throw cause;
  }
}

const lineStart = '{"image_id"';

const cannotContinue = (path: string, found: string): SggError =>
  new SggError("DATA", `Cannot continue "${path}": ${found}`);
