import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { expect, it } from "vitest";
import { openParquet } from "../../../src/data/parquet/open.ts";
import { createParquet } from "../../../src/data/parquet/write.ts";
import { r1sggIn } from "../../e2e/smoke-process.ts";
import { temporaryFolder } from "../rows-file.ts";

const reader = fileURLToPath(new URL("read-damaged.ts", import.meta.url));
/** Written by pyarrow 26.0.1: pages of the first version, snappy, dictionaries, a list of structures. */
const arrow = "test/fixtures/parquet/first-version.parquet";
const minute = 60_000;

async function ours(): Promise<string> {
  const path = join(await temporaryFolder(), "ours.parquet");
  const parquet = await createParquet(path, ["image_id", "image", "objects", "relationships"]);
  for (let i = 0; i < 20; i += 1)
    await parquet.write({
      ...{ image_id: `i${i}`, image: { bytes: new Uint8Array([1, 2, 3]), path: null } },
      ...{ objects: '[{"id":"a.1"}]', relationships: "[]", width: 10, height: 20 },
      ...{ prompt_open: null, prompt_close: null, coco_id: null, think: null },
    });
  await parquet.finish();
  await parquet.close();
  return path;
}

async function endsOf(file: string, changes: readonly string[]): Promise<readonly string[]> {
  const copy = join(await temporaryFolder(), "damaged.parquet");
  const run = execa(process.execPath, [reader, file, copy, ...changes], { timeout: 2 * minute });
  return JSON.parse((await run).stdout);
}

it("reads the whole files", async () => {
  for (const file of [await ours(), arrow]) {
    const parquet = await openParquet(file);
    expect(await parquet.read(0, parquet.rows)).toHaveLength(20);
    await parquet.close();
  }
});

// Found by changing every byte of the files: each of these kept hyparquet 1.31.5 busy for ever, or
// until there was no memory left.
it(
  "ends with a sentence where headers of pages are damaged",
  async () => {
    const ends = await endsOf(await ours(), ["13:16", "14:128", "22:255", "125:16"]);
    for (const end of ends)
      expect(end).toMatch(/: rows 0 to 19 are damaged \(a page .*\), expected/);
  },
  2 * minute,
);

it(
  "ends with a sentence where levels and places in dictionaries are damaged",
  async () => {
    const ends = await endsOf(arrow, ["477:16", "481:255", "481:16", "513:16"]);
    for (const end of ends) expect(end).toMatch(/: rows 0 to 19 are damaged \(.*\), expected/);
  },
  2 * minute,
);

it(
  "ends somehow, whichever byte of the pages is damaged",
  async () => {
    const places = Array.from({ length: 700 }, (_, at) => `${4 + at}:${at % 2 === 0 ? 255 : 16}`);
    expect(await endsOf(arrow, places)).toHaveLength(places.length);
  },
  3 * minute,
);

it(
  "lets data check say it, and end",
  async () => {
    const folder = await temporaryFolder();
    const bytes = await readFile(await ours());
    bytes[13]! ^= 16;
    await writeFile(join(folder, "damaged.parquet"), bytes);
    const checked = await r1sggIn(folder, "data", "check", "damaged.parquet");
    expect(checked.exitCode).toBe(3);
    expect(checked.all).toMatch(/Cannot read ".*damaged\.parquet": rows 0 to 19 are damaged/);
  },
  2 * minute,
);
