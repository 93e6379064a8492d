import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join, parse } from "node:path";
import { SggError } from "../errors.ts";
import { shipped } from "../root.ts";

/** The text of a prompt, and the version that a run's record keeps. */
export interface Prompt {
  readonly name: string;
  readonly path: string;
  readonly text: string;
  /** The first eight hex digits of the SHA-256 of the text. */
  readonly version: string;
}

/**
 * A prompt by its name (`open`, `system-think`: a file of recipes/prompts) or by its path.
 *
 * A `.txt` file holds one text whose last newline belongs to the file; any other file is taken as
 * it stands.
 *
 * Errors: SggError RECIPE for an unknown name, with the known ones, and for a file that cannot be
 * read or is empty.
 */
export async function readPrompt(nameOrPath: string): Promise<Prompt> {
  const path = /[/\\.]/.test(nameOrPath) ? nameOrPath : await shippedPrompt(nameOrPath);
  const cannot = (found: string, cause?: unknown) =>
    new SggError("RECIPE", `Cannot read prompt "${path}": ${found}, expected a text file`, {
      cause,
    });
  const file = await readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
    throw cannot(cause.code === "ENOENT" ? "no such file" : cause.message, cause);
  });
  const text = path.endsWith(".txt") ? file.replace(/\r?\n$/, "") : file;
  if (text.trim() === "") throw cannot("nothing in it");
  return { name: parse(path).name, path, text, version: versionOf(text) };
}

/** The version of a prompt's text. */
export const versionOf = (text: string): string =>
  createHash("sha256").update(text).digest("hex").slice(0, 8);

async function shippedPrompt(name: string): Promise<string> {
  const folder = shipped("recipes/prompts");
  const files = (await readdir(folder)).filter((file) => file !== "README.md").sort();
  const file = files.find((candidate) => parse(candidate).name === name);
  if (file !== undefined) return join(folder, file);
  const known = files.map((candidate) => parse(candidate).name).join(", ");
  throw new SggError(
    "RECIPE",
    `Cannot find prompt "${name}": unknown, expected one of ${known}, or the path of a file`,
  );
}
