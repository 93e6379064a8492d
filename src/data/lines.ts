import { isUtf8 } from "node:buffer";
import { createReadStream } from "node:fs";

/** One line of a text file, counted from 1, and where its bytes are. */
export interface Line {
  readonly number: number;
  readonly text: string;
  /** Whether its bytes are UTF-8; where they are not, `text` has U+FFFD for them. */
  readonly utf8: boolean;
  readonly start: number;
  readonly bytes: number;
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

const newline = 0x0a;

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
  let start = stretch?.start ?? 0;
  let rest: Buffer[] = [];
  const take = (last: Buffer): Line | undefined => {
    const whole = rest.length === 0 ? last : Buffer.concat([...rest, last]);
    rest = [];
    number += 1;
    const text = whole.toString("utf8");
    const line = {
      number,
      text: number === 1 ? withoutMark(text) : text,
      utf8: isUtf8(whole),
      start,
      bytes: whole.length,
    };
    start += whole.length + 1;
    return line.text.trim() === "" ? undefined : line;
  };
  const chunks = createReadStream(path, {
    highWaterMark: 1 << 18,
    ...(stretch && { start: stretch.start, end: stretch.end - 1 }),
    ...(signal && { signal }),
  });
  for await (const chunk of chunks) {
    const bytes = chunk as Buffer;
    let from = 0;
    for (let to = bytes.indexOf(newline); to >= 0; to = bytes.indexOf(newline, from)) {
      const line = take(bytes.subarray(from, to));
      if (line) yield line;
      from = to + 1;
    }
    if (from < bytes.length) rest.push(bytes.subarray(from));
  }
  const line = take(Buffer.alloc(0));
  if (line) yield line;
}

/** A text without the byte order mark that some editors write first. */
export const withoutMark = (text: string): string =>
  text.startsWith("\uFEFF") ? text.slice(1) : text;

/** Cuts a text file into stretches of about `bytes`. Errors: those of `node:fs`. */
export async function* stretches(path: string, bytes: number): AsyncGenerator<Stretch> {
  let start = 0;
  let before = 0;
  let lines = 0;
  let at = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    const piece = chunk as Buffer;
    for (let end = piece.indexOf(newline); end >= 0; end = piece.indexOf(newline, end + 1)) {
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
