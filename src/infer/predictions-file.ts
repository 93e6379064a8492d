import { mkdir, open } from "node:fs/promises";
import { dirname } from "node:path";
import { cannotWrite } from "../cannot-write.ts";
import type { Prediction } from "../data/predictions.ts";
import { SggError } from "../errors.ts";

/** A predictions file that grows; rows go in by their place and come out in order. */
export interface PredictionsFile {
  /** How many rows, from the first on, the file held when it was opened. */
  readonly kept: number;
  /** Takes the answer to row `index`; it is on disk when all before it are there too. */
  readonly put: (index: number, prediction: Prediction) => Promise<void>;
  readonly close: () => Promise<void>;
}

/**
 * Opens a predictions file to begin or to go on.
 *
 * The rows are in the order of `ids`, so what is there has to be their beginning. A last line that a
 * kill has torn is cut off. Every write is synced, and whole lines.
 *
 * Errors: SggError DATA when the file holds other images, or cannot be written.
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
    const bytes = await file.readFile();
    const whole = wholeLines(bytes);
    if (whole.bytes < bytes.length) await file.truncate(whole.bytes);
    const kept = checkedBeginning(path, whole.ids, ids);
    const waiting = new Map<number, Prediction>();
    let next = kept;
    let writing = Promise.resolve();
    const flush = async () => {
      let text = "";
      for (let ready = waiting.get(next); ready; ready = waiting.get(next)) {
        text += `${JSON.stringify(ready)}\n`;
        waiting.delete(next);
        next += 1;
      }
      if (text === "") return;
      await file.appendFile(text).catch(failed);
      await file.datasync().catch(failed);
    };
    const put = (index: number, prediction: Prediction) => {
      waiting.set(index, prediction);
      writing = writing.then(flush);
      return writing;
    };
    return { kept, put, close: () => file.close() };
  } catch (cause) {
    await file.close();
    return failed(cause);
  }
}

/** The ids of the whole lines at the beginning of a file, and how many bytes they take. */
function wholeLines(bytes: Buffer): { readonly ids: readonly unknown[]; readonly bytes: number } {
  const ids: unknown[] = [];
  let from = 0;
  for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, from)) {
    const id = idOf(bytes.toString("utf8", from, end));
    const last = bytes.indexOf(10, end + 1) < 0;
    if (id === undefined && last) break;
    ids.push(id);
    from = end + 1;
  }
  return { ids, bytes: from };
}

function idOf(line: string): unknown {
  try {
    return (JSON.parse(line) as { image_id?: unknown } | null)?.image_id;
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined;
    throw cause;
  }
}

function checkedBeginning(path: string, found: readonly unknown[], ids: readonly string[]): number {
  const wrong = found.findIndex((id, index) => id !== ids[index]);
  if (wrong < 0) return found.length;
  const wanted = ids[wrong] === undefined ? "no more lines" : JSON.stringify(ids[wrong]);
  throw new SggError(
    "DATA",
    `Cannot continue "${path}": line ${wrong + 1} is of image ${JSON.stringify(found[wrong])}, expected ${wanted} (the same dataset, in the same order)`,
  );
}
