import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { stripVTControlCharacters } from "node:util";

const window = 64 * 1024;
const longest = 400;

/**
 * The last lines of a log, from a place in it on: without colours, of a rewritten progress line only
 * its last state, without empty lines, each cut at 400 characters.
 */
export function lastLines(path: string, count: number, from = 0): string[] {
  const lines = readEnd(path, from).split("\n").map(toPlain);
  return lines.filter((line) => line.trim() !== "").slice(-count);
}

/** Words of vLLM's server when its engine failed; why is said further up, by the engine. */
const pointer = /See root cause above/;
const cause = /\bERROR\b.*\] ((?:\w+\.)*\w*(?:Error|Exception|Interrupt)\b.*)$/;

/** {@link lastLines} of a role that failed: where they only point to a cause further up, it comes first. */
export function failureLines(path: string, count: number, from = 0): string[] {
  const lines = lastLines(path, 40 * count, from);
  const last = lines.slice(-count);
  if (!last.some((line) => pointer.test(line))) return last;
  const found = lines.slice(0, -count).findLast((line) => cause.test(line));
  return found === undefined ? last : [cause.exec(found)?.[1] ?? found, "...", ...last];
}

function toPlain(line: string): string {
  const shown = line.split("\r").findLast((part) => part !== "") ?? "";
  const plain = stripVTControlCharacters(shown);
  return plain.length <= longest ? plain : `${plain.slice(0, longest)} ...`;
}

/** At most 64 KiB from the end of a file, from a place in it on; one that is not there is empty. */
export function readEnd(path: string, from = 0): string {
  let file: number | undefined;
  try {
    file = openSync(path, "r");
    const { size } = fstatSync(file);
    const start = Math.max(from, size - window);
    const buffer = Buffer.alloc(Math.max(0, size - start));
    return buffer.toString("utf8", 0, readSync(file, buffer, 0, buffer.length, start));
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return "";
    throw cause;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
