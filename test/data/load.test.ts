import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadDataset } from "../../src/data/load.ts";
import { SggError } from "../../src/errors.ts";
import { plainImage, row, rowsFile, temporaryFolder } from "./rows-file.ts";

describe("loadDataset", () => {
  it("gives the rows with their boxes, and absolute paths of the images", async () => {
    const folder = await temporaryFolder();
    const image = await plainImage(folder, "photo.jpg", [40, 30]);
    const path = await rowsFile(folder, [{ ...row, image_path: "photo.jpg" }]);
    expect(await loadDataset(path)).toEqual([{ ...row, image_path: image }]);
  });

  it("reads real photographs' rows: folders, fields of other people, two rows of one image", async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, "vg/images"), { recursive: true });
    const image = await plainImage(folder, "vg/images/1.jpg", [800, 600]);
    const real = {
      image_id: "vg_1_raw",
      image_path: "vg/images/1.jpg",
      width: 800,
      height: 600,
      objects: [
        { id: "clock.1", bbox: [421, 91, 500, 430] },
        { id: "car.1", bbox: [479, 315, 553, 413] },
        { id: "car.2", bbox: [706, 340.5, 800, 600] },
      ],
      relationships: [{ subject: "car.1", predicate: "parked on", object: "clock.1" }],
      classes: "VG150",
      licence: "CC BY 4.0",
    };
    const path = await rowsFile(folder, [real, { ...real, image_id: "vg_1_vg150" }]);
    const rows = await loadDataset(path);
    expect(rows.map(({ image_id, image_path }) => [image_id, image_path])).toEqual([
      ["vg_1_raw", image],
      ["vg_1_vg150", image],
    ]);
    expect(rows[0]).not.toHaveProperty("licence");
  });

  it("takes objects and relationships that are JSON strings", async () => {
    const folder = await temporaryFolder();
    const strings = {
      ...row,
      objects: JSON.stringify(row.objects),
      relationships: JSON.stringify(row.relationships),
    };
    const path = await rowsFile(folder, [strings]);
    expect(await loadDataset(path, { images: false })).toEqual([row]);
  });

  it("takes a size that is not stated from the image", async () => {
    const folder = await temporaryFolder();
    await plainImage(folder, "x.png", [40, 30]);
    const { width: _, height: __, ...bare } = row;
    const path = await rowsFile(folder, [{ ...bare, image: "x.png" }]);
    for (const images of [true, false]) {
      const [first] = await loadDataset(path, { images });
      expect(first).toMatchObject({ width: 40, height: 30, image_path: join(folder, "x.png") });
    }
  });

  it("keeps the prompts that a dataset brings", async () => {
    const path = await rowsFile(await temporaryFolder(), [{ ...row, prompt_close: "Say it" }]);
    expect((await loadDataset(path, { images: false }))[0]?.prompt_close).toBe("Say it");
  });

  it("finds the data file of a folder, and refuses to guess between two", async () => {
    const folder = await temporaryFolder();
    await expect(loadDataset(folder)).rejects.toThrow(
      "a folder without a .jsonl or .parquet file, expected",
    );
    await rowsFile(folder, [row]);
    expect(await loadDataset(folder, { images: false })).toHaveLength(1);
    await writeFile(join(folder, "more.jsonl"), "");
    await expect(loadDataset(folder)).rejects.toThrow("several sets (more.jsonl, rows.jsonl)");
  });

  it("keeps the order of many rows, and what JSON allows in a line", async () => {
    const ids = Array.from({ length: 100 }, (_, index) => `image\u2028 ${index}`);
    const lines = ids.flatMap((image_id) => [{ ...row, image_id }, ""]);
    const path = await rowsFile(await temporaryFolder(), lines);
    await writeFile(path, `\uFEFF${await readFile(path, "utf8")}`.trimEnd());
    const rows = await loadDataset(path, { images: false });
    expect(rows.map(({ image_id }) => image_id)).toEqual(ids);
  });

  it("lists the first twenty faults and says how many there are", async () => {
    const lines = Array.from({ length: 25 }, (_, index) => ({ ...row, image_id: index }));
    const path = await rowsFile(await temporaryFolder(), lines);
    const error = await loadDataset(path, { images: false }).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(SggError);
    const { code, message } = error as SggError;
    expect(code).toBe("DATA");
    expect(message.split("\n")).toHaveLength(22);
    expect(message).toContain(
      `Cannot load "${path}": 25 faults, expected none\n  line 1, image_id: 0,`,
    );
    expect(message).toMatch(/\n {2}and 5 more$/);
  });

  it("says what is there instead of a dataset", async () => {
    const folder = await temporaryFolder();
    await expect(loadDataset(join(folder, "no.jsonl"))).rejects.toThrow(
      /no\.jsonl": nothing there/,
    );
    await writeFile(join(folder, "x.csv"), "");
    await expect(loadDataset(join(folder, "x.csv"))).rejects.toThrow("another kind of file");
  });
});
