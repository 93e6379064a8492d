import { createReadStream } from "node:fs";

/** One line of a text file, counted from 1. */
export interface Line {
  readonly number: number;
  readonly text: string;
}

/**
 * The lines of a text file, one at a time; blank ones are counted and left out.
 *
 * Splits at `\n` alone: `node:readline` would also cut a JSON string that holds U+2028 or U+2029.
 *
 * Errors: those of `node:fs`; AbortError.
 */
export async function* readLines(path: string, signal?: AbortSignal): AsyncGenerator<Line> {
  let number = 0;
  let rest = "";
  const options = { encoding: "utf8", highWaterMark: 1 << 18, ...(signal && { signal }) } as const;
  for await (const chunk of createReadStream(path, options)) {
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
