import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { Recipe } from "./recipe.ts";

/** What stood under the paths of a recipe when it was read: SHA-256 by the place of the path in it. */
export type Contents = Readonly<Record<string, string>>;

/** In a folder only data counts: rows, or answers of an image each. */
const isData = (name: string): boolean => /\.(jsonl|parquet|json)$/.test(name);

/**
 * The contents of a recipe's prompts, classes, rows and predictions, so that another text under the same
 * path is another run. Models and the images that rows name are left out: they are large, and a model's
 * folder is not written to twice.
 *
 * Errors: none; what is not there or cannot be read is left out, and said when it is used
 */
export async function readContents(recipe: Recipe): Promise<Contents> {
  const found: Record<string, string> = {};
  for (const [place, path] of Object.entries(pathsOf(recipe))) {
    const hash = path === undefined ? undefined : await hashAt(path).catch(() => undefined);
    if (hash !== undefined) found[place] = hash;
  }
  return found;
}

function pathsOf(recipe: Recipe): Readonly<Record<string, string | undefined>> {
  const { data } = recipe;
  const prompt = "prompt" in recipe ? recipe.prompt : undefined;
  const predictions = recipe.stage === "eval" ? recipe.predictions : undefined;
  const of = (source: object | undefined) =>
    source !== undefined && "path" in source ? (source.path as string) : undefined;
  const ifPath = (name: string | undefined) => (name && /[/\\.]/.test(name) ? name : undefined);
  return {
    "prompt.user": ifPath(prompt?.user),
    "prompt.system": ifPath(prompt?.system),
    "data.classes": ifPath(data.classes),
    "data.train": of(data.train),
    "data.eval": of(data.eval),
    predictions: of(predictions),
  };
}

async function hashAt(path: string): Promise<string | undefined> {
  const stats = await stat(path);
  if (stats.isFile()) return hashOfFile(path);
  if (!stats.isDirectory()) return undefined; // a pipe would be read away
  const inside = await readdir(join(path, "data")).catch(() => []);
  const names = [...(await readdir(path)), ...inside.map((name) => join("data", name))];
  const hash = createHash("sha256");
  for (const name of names.filter(isData).sort())
    hash.update(`${name}\0${await hashAt(join(path, name))}\0`);
  return hash.digest("hex");
}

async function hashOfFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path, { highWaterMark: 2 ** 20 }), hash);
  return hash.digest("hex");
}
