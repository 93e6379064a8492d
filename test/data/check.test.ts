import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkInThreads } from "../../src/data/check/check.ts";
import { checkDataset } from "../../src/data/load.ts";
import { createDataset } from "../../src/data/output/dataset.ts";
import { plainImage, row, rowsFile, temporaryFolder } from "./rows-file.ts";

const small = { bytes: 3000, rows: 100 };

/** Rows of which some have faults of all kinds, ids again among them; lines that are blank. */
const faultyRows = Array.from({ length: 450 }, (_, at) => {
  const [cup, table] = row.objects;
  const bbox = at % 17 === 3 ? [5, 5, 1, 1] : [0, 0, 10, 10];
  return {
    ...row,
    image_id: at % 50 === 49 ? "7" : `${at}`,
    image_path: at === 333 ? "gone.png" : "x.png",
    objects: [{ ...cup, bbox }, table],
    relationships: at % 90 === 5 ? [{ subject: "no.1", predicate: "on", object: "cup.1" }] : [],
  };
});

describe("checkInThreads", () => {
  it("finds in many parts of JSONL what is found in one, in the same order", async () => {
    const folder = await temporaryFolder();
    await plainImage(folder, "x.png", [40, 30]);
    const lines = faultyRows.flatMap((one, at) => (at % 60 === 0 ? ["", one] : [one]));
    const path = await rowsFile(folder, [...lines, "{"]);
    const options = { images: true, threads: 2, partSize: small };
    const whole = await checkDataset(path);
    expect(whole.faults.length).toBeGreaterThan(30);
    expect(await checkInThreads(path, options)).toEqual(whole);
  });

  it("finds in many parts of parquet shards what is found in one", async () => {
    const folder = await temporaryFolder();
    const beside = await plainImage(folder, "x.png", [40, 30]);
    const out = join(folder, "out");
    await mkdir(out);
    const output = await createDataset({ folder: out, set: "a", format: "parquet", fields: [] });
    for (const { image_path: _, ...one } of faultyRows)
      await output.write({ ...one, image_path: beside } as never);
    const [name] = await output.finish();
    await output.close();
    await mkdir(join(out, "two"));
    for (const shard of [0, 1])
      await copyFile(join(out, name!), join(out, "two", `a-0000${shard}-of-00002.parquet`));
    const whole = await checkDataset(join(out, "two"), { images: false });
    expect(whole.faults.length).toBeGreaterThan(450);
    const options = { images: false, threads: 2, partSize: small };
    expect(await checkInThreads(join(out, "two"), options)).toEqual(whole);
  });

  it("names objects and predicates that a list of classes has no name for", async () => {
    const path = await rowsFile(await temporaryFolder(), [row]);
    const classes = { objects: ["Cup"], predicates: ["by"] };
    const { faults } = await checkInThreads(path, { images: false, classes });
    expect(faults.map(({ field, found, expected }) => ({ field, found, expected }))).toEqual([
      { field: "objects[1].id", found: '"table.2"', expected: "one of the 1 objects" },
      { field: "relationships[0].predicate", found: '"on"', expected: "one of the 1 predicates" },
    ]);
  });

  it("gathers more faults of a row than fit on a stack", async () => {
    const objects = Array.from({ length: 200_000 }, (_, at) => ({
      id: `a.${at}`,
      bbox: [1, 0, 0, 0],
    }));
    const path = await rowsFile(await temporaryFolder(), [{ ...row, objects, relationships: [] }]);
    expect((await checkInThreads(path, { images: false })).faults).toHaveLength(200_000);
  });

  it("fails with the error of a damaged part while others are under way", async () => {
    const folder = await temporaryFolder();
    const output = await createDataset({ folder, set: "a", format: "parquet", fields: [] });
    for (let at = 0; at < 1200; at += 1) await output.write({ ...row, image_id: `${at}` } as never);
    const [name] = await output.finish();
    await output.close();
    const bytes = await readFile(join(folder, name!));
    await writeFile(join(folder, name!), bytes.fill(0xff, 300, 600));
    const options = { images: false, threads: 2, partSize: small };
    await expect(checkInThreads(folder, options)).rejects.toThrow(
      /^Cannot read ".*a-00000-of-00001\.parquet": rows 0 to 99 are damaged/,
    );
  });

  it("fails with the error of a part", async () => {
    const folder = await temporaryFolder();
    await expect(checkInThreads(join(folder, "no.jsonl"), { images: true })).rejects.toThrow(
      "nothing there",
    );
  });
});
