import { createReadStream } from "node:fs";

/** One line of a text file, counted from 1. */
export interface Line {
  readonly number: number;
  readonly text: string;
}

/** A stretch of a text file that begins and ends with a line. */
export interface Stretch {
  /** First byte, counted from 0. */
  readonly start: number;
  /** The byte after the last. */
  readonly end: number;
  /** Lines before it. */
  readonly before: number;
}

/**
 * The lines of a text file, or of a stretch of it, one at a time; blank ones are counted and left
 * out.
 *
 * Splits at `\n` alone: `node:readline` would also cut a JSON string that holds U+2028 or U+2029.
 *
 * Errors: those of `node:fs`; AbortError.
 */
export async function* readLines(
  path: string,
  { signal, stretch }: { readonly signal?: AbortSignal; readonly stretch?: Stretch } = {},
): AsyncGenerator<Line> {
  let number = stretch?.before ?? 0;
  let rest = "";
  const range = stretch && { start: stretch.start, end: stretch.end - 1 };
  const chunks = createReadStream(path, {
    encoding: "utf8",
    highWaterMark: 1 << 18,
    ...range,
    ...(signal && { signal }),
  });
  for await (const chunk of chunks) {
    const pieces = (rest + chunk).split("\n");
    rest = pieces.pop() ?? "";
    for (const text of pieces) {
      number += 1;
      if (text.trim() !== "") yield { number, text: number === 1 ? withoutMark(text) : text };
    }
  }
  number += 1;
  if (rest.trim() !== "") yield { number, text: number === 1 ? withoutMark(rest) : rest };
}

/** Without the byte order mark that some editors write first. */
const withoutMark = (text: string): string => (text.startsWith("\uFEFF") ? text.slice(1) : text);

/** Cuts a text file into stretches of about `bytes`. Errors: those of `node:fs`. */
export async function* stretches(path: string, bytes: number): AsyncGenerator<Stretch> {
  let start = 0;
  let before = 0;
  let lines = 0;
  let at = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    const piece = chunk as Buffer;
    for (let end = piece.indexOf(10); end >= 0; end = piece.indexOf(10, end + 1)) {
      lines += 1;
      const next = at + end + 1;
      if (next - start < bytes) continue;
      yield { start, end: next, before };
      start = next;
      before = lines;
    }
    at += piece.length;
  }
  if (at > start) yield { start, end: at, before };
}
