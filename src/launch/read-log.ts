import { open } from "node:fs/promises";

/** A piece of a log: whole lines, and where the next piece begins. */
export interface LogPiece {
  readonly lines: readonly string[];
  readonly next: number;
}

const pieceBytes = 1024 * 1024;

/**
 * Whole lines of a log from a place in it on, about 1 MiB at most; none when it is not there yet.
 *
 * A last line without its end waits for the rest, unless `final`: then it counts as whole, as does a
 * piece of a line that is longer than all that is read.
 */
export async function readLog(path: string, from: number, final: boolean): Promise<LogPiece> {
  const bytes = await readBytes(path, from);
  const lastEnd = bytes.lastIndexOf("\n") + 1;
  const isEnd = bytes.length < pieceBytes;
  const whole = isEnd && !final ? lastEnd : lastEnd > 0 && !isEnd ? lastEnd : bytes.length;
  const text = bytes.toString("utf8", 0, whole);
  const lines = text === "" ? [] : text.replace(/\n$/, "").split("\n");
  return { lines, next: from + whole };
}

/** Where the last lines of a log begin. */
export async function placeOfTail(path: string, count: number): Promise<number> {
  let from = 0;
  const starts: number[] = [0];
  for (;;) {
    const bytes = await readBytes(path, from);
    if (bytes.length === 0) break;
    for (let at = bytes.indexOf("\n"); at >= 0; at = bytes.indexOf("\n", at + 1)) {
      starts.push(from + at + 1);
      if (starts.length > count + 1) starts.shift();
    }
    from += bytes.length;
  }
  const lines = starts.filter((start) => start < from);
  return count === 0 ? from : (lines.at(-count) ?? lines[0] ?? 0);
}

async function readBytes(path: string, from: number): Promise<Buffer> {
  const file = await open(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") return undefined;
    throw cause;
  });
  if (file === undefined) return Buffer.alloc(0);
  try {
    const buffer = Buffer.alloc(pieceBytes);
    const { bytesRead } = await file.read(buffer, 0, pieceBytes, from);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
