import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { SggError } from "../../errors.ts";

/** A file that a data set was made from. */
export interface SourceFile {
  /** As the user named it. */
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** Size and SHA-256 of a file, read once. Errors: SggError DATA when it cannot be read. */
export async function sourceFile(path: string): Promise<SourceFile> {
  const hash = createHash("sha256");
  let bytes = 0;
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
      hash.update(chunk as Buffer);
      bytes += (chunk as Buffer).length;
    }
  } catch (cause) {
    throw cannotRead(path, cause, "a file");
  }
  return { path, bytes, sha256: hash.digest("hex") };
}

/** The value of a JSON file. Errors: SggError DATA when it cannot be read or is broken. */
export async function readJsonFile(path: string, expected: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    throw cannotRead(path, cause, expected);
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    const found = `broken JSON (${(cause as SyntaxError).message})`;
    throw cannotUse(path, found, expected, cause);
  }
}

/** The error of a source that is there and is not what it should be. */
export const cannotUse = (
  path: string,
  found: string,
  expected: string,
  cause?: unknown,
): SggError =>
  new SggError("DATA", `Cannot use "${path}": ${found}, expected ${expected}`, { cause });

/** The error of a source that the file system does not give. */
export function cannotRead(path: string, cause: unknown, expected: string): SggError {
  const { code, message } = cause as NodeJS.ErrnoException;
  const found = code === "ENOENT" ? "no such file" : code === "EISDIR" ? "a folder" : message;
  return new SggError("DATA", `Cannot read "${path}": ${found}, expected ${expected}`, { cause });
}
