import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { onTestFinished } from "vitest";

/** A folder that goes when the test ends. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "r1sgg-test-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A plain image in a folder; its format follows from the name. */
export async function plainImage(
  folder: string,
  name: string,
  [width, height]: readonly [number, number],
): Promise<string> {
  const path = join(folder, name);
  await sharp({ create: { width, height, channels: 3, background: "#88aacc" } }).toFile(path);
  return path;
}

/** A JSONL file of values; strings are written as they are. */
export async function rowsFile(folder: string, lines: readonly unknown[]): Promise<string> {
  const path = join(folder, "rows.jsonl");
  const texts = lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line)));
  await writeFile(path, texts.map((text) => `${text}\n`).join(""));
  return path;
}

/** A row without a fault and without an image. */
export const row = {
  image_id: "a",
  width: 40,
  height: 30,
  objects: [
    { id: "cup.1", bbox: [0, 0, 10, 10] },
    { id: "table.2", bbox: [0, 10, 40, 30] },
  ],
  relationships: [{ subject: "cup.1", predicate: "on", object: "table.2" }],
};
