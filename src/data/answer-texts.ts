import { type FileHandle, open, readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { SggError } from "../errors.ts";
import { type Line, readLines, withoutMark } from "./lines.ts";

/** The text of one answer as it is stored, where it stands, and a way to read it again. */
export interface AnswerText {
  readonly where: string;
  readonly text: string;
  readonly again: () => Promise<string>;
}

/** The texts of a predictions file in order, one at a time; `again` works until it is closed. */
export interface AnswerTexts {
  readonly texts: AsyncGenerator<AnswerText>;
  readonly close: () => Promise<void>;
}

/**
 * Opens a predictions file: JSONL, or a folder of `<image_id>.json`.
 *
 * Errors: SggError DATA when there is nothing to read, also while the texts are read.
 */
export async function openAnswerTexts(path: string): Promise<AnswerTexts> {
  const isFolder = await told(path, async () => (await stat(path)).isDirectory());
  if (isFolder) return { texts: inFolder(path), close: async () => {} };
  const file = await told(path, () => open(path));
  return { texts: inFile(path, file), close: () => file.close() };
}

async function* inFolder(path: string): AsyncGenerator<AnswerText> {
  const names = (await told(path, () => readdir(path))).filter((one) => one.endsWith(".json"));
  for (const name of names.sort()) {
    const again = () => told(path, () => readFile(join(path, name), "utf8"));
    yield { where: name, text: await again(), again };
  }
}

async function* inFile(path: string, file: FileHandle): AsyncGenerator<AnswerText> {
  const lines = readLines(path);
  for (let next = await told(path, () => lines.next()); !next.done; ) {
    const { number, text, start, bytes } = next.value;
    const again = () => told(path, () => readBytes(file, { start, bytes }));
    yield { where: `line ${number}`, text, again };
    next = await told(path, () => lines.next());
  }
}

async function readBytes(file: FileHandle, { start, bytes }: Pick<Line, "start" | "bytes">) {
  const { buffer } = await file.read(Buffer.alloc(bytes), 0, bytes, start);
  return withoutMark(buffer.toString("utf8"));
}

/** What the file system says against it, in our words. */
async function told<T>(path: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === undefined) throw cause;
    const found = code === "ENOENT" ? "nothing there" : message;
    const expected = "predictions.jsonl or a folder of <image_id>.json";
    throw new SggError("DATA", `Cannot load "${path}": ${found}, expected ${expected}`, { cause });
  }
}
