import { copyFile, readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { faultText } from "../../../src/data/fault.ts";
import { imageDataUrl } from "../../../src/data/image.ts";
import { checkDataset, loadDataset } from "../../../src/data/load.ts";
import { createShards } from "../../../src/data/output/shards.ts";
import { createParquet, type ParquetRow } from "../../../src/data/parquet/write.ts";
import { datasetFiles } from "../../../src/data/shards.ts";
import { SggError } from "../../../src/errors.ts";
import { requires } from "../../helpers/requires.ts";
import { askWorker } from "../python-worker.ts";
import { plainImage, row, temporaryFolder } from "../rows-file.ts";

const columns = ["image_id", "image", "objects", "relationships", "width", "height"] as const;

const parquetRow = (image_id: string, bytes: Uint8Array | null = null): ParquetRow => ({
  ...{ image_id, image: bytes && { bytes, path: null }, width: 40, height: 30 },
  objects: JSON.stringify(row.objects),
  relationships: JSON.stringify(row.relationships),
  ...{ prompt_open: null, prompt_close: null, think: null, coco_id: null },
});

async function parquetFile(path: string, rows: readonly ParquetRow[]): Promise<string> {
  const file = await createParquet(path, columns);
  for (const one of rows) await file.write(one);
  await file.finish();
  await file.close();
  return path;
}

describe("a parquet file that somebody else wrote", () => {
  /** Rows written by Python, `how` choosing among the ways in which people write them. */
  const written = async (how: string): Promise<string> => {
    const folder = await temporaryFolder();
    const path = join(folder, "train.parquet");
    await plainImage(folder, "x.jpg", [40, 30]);
    await askWorker(
      `import json, sys
import pyarrow as pa, pyarrow.parquet as pq
how, folder, row = json.load(sys.stdin)
image = open(folder + "/x.jpg", "rb").read()
rows = [{"image_id": f"{i}", "image": {"bytes": image, "path": "x.jpg"}, "prompt_open": "o",
         "prompt_close": None, "objects": json.dumps(row["objects"]),
         "relationships": json.dumps(row["relationships"])} for i in range(250)]
options = {"compression": "snappy", "row_group_size": 100}
if how in ("zstd", "gzip", "brotli", "lz4", "none"): options["compression"] = how
if how == "datasets":
    from datasets import Dataset, Features, Image, Value
    kinds = {name: Value("string") for name in rows[0]} | {"image": Image()}
    Dataset.from_list(rows, features=Features(kinds)).to_parquet(folder + "/train.parquet")
else:
    for i, one in enumerate(rows):
        if how == "lists": one.update(row, image={"bytes": image, "path": None})
        if how == "numbers": one["image_id"] = 9007199254740993 + i
        if how == "paths": one["image"] = "x.jpg"
        if how == "bytes": one["image"] = image
    pq.write_table(pa.Table.from_pylist(rows), folder + "/train.parquet", **options)
print("0")`,
      [how, folder, { objects: row.objects, relationships: row.relationships }],
    );
    return path;
  };

  requires("python").it("is read in every compression, and by datasets itself", async () => {
    for (const how of ["snappy", "zstd", "gzip", "brotli", "lz4", "none", "datasets"]) {
      const path = await written(how);
      const rows = await loadDataset(path);
      expect(rows, how).toHaveLength(250);
      expect(rows[249], how).toEqual({
        ...row,
        image_id: "249",
        image_path: `${path}#249`,
        prompt_open: "o",
      });
      const bytes = await readFile(join(path, "../x.jpg"));
      expect(await imageDataUrl(`${path}#101`), how).toBe(
        `data:image/jpeg;base64,${bytes.toString("base64")}`,
      );
    }
  });

  requires("python").it("may hold lists instead of JSON, and whole numbers as ids", async () => {
    const [first] = await loadDataset(await written("lists"));
    expect(first).toMatchObject({ ...row, image_id: "0" });
    const numbered = await loadDataset(await written("numbers"));
    expect(numbered[1]?.image_id).toBe("9007199254740994");
  });

  requires("python").it("may name its images, or hold their bytes without a name", async () => {
    const named = await written("paths");
    expect((await loadDataset(named))[7]?.image_path).toBe(join(named, "../x.jpg"));
    const bare = await written("bytes");
    expect((await loadDataset(bare))[7]?.image_path).toBe(`${bare}#7`);
    expect(await imageDataUrl(`${bare}#7`)).toMatch(/^data:image\/jpeg;/);
  });
});

describe("shards", () => {
  it("are read whole and in order, and their rows say which they are in", async () => {
    const folder = await temporaryFolder();
    const output = await createShards({ folder, set: "val", format: "parquet", fields: [] }, 1);
    const { image_id: _, ...rest } = row;
    const plain = { ...rest, objects: [], relationships: [] };
    for (const image_id of ["a", "b", "a"]) await output.write({ ...plain, image_id });
    expect(await output.finish()).toEqual([0, 1, 2].map((at) => `val-0000${at}-of-00003.parquet`));
    const { rows, faults, path } = await checkDataset(folder, { images: false });
    expect([rows, path]).toEqual([3, folder]);
    expect(faults.map(faultText)).toEqual([
      'val-00002-of-00003.parquet row 0 (image_id "a"), image_id: the id of val-00000-of-00003.parquet row 0 again, expected an id of its own',
    ]);
  });

  it("are refused when one is missing, and several sets when none is named", async () => {
    const folder = await temporaryFolder();
    const one = await parquetFile(join(folder, "train-00001-of-00003.parquet"), []);
    await expect(loadDataset(folder)).rejects.toThrow("1 of 3 shards of train, expected");
    await copyFile(one, join(folder, "val.parquet"));
    await expect(loadDataset(folder)).rejects.toThrow(
      "a folder with several sets (train.parquet, val.parquet), expected",
    );
    await expect(datasetFiles(folder, "dev")).rejects.toThrow(
      'no set "dev" (found train.parquet, val.parquet), expected',
    );
  });
});

describe("parquet that cannot be used", () => {
  it("is told when it is cut off, wherever that is", async () => {
    const folder = await temporaryFolder();
    const path = join(folder, "x.parquet");
    const image = await readFile(await plainImage(folder, "x.png", [40, 30]));
    await parquetFile(path, [parquetRow("a", image), parquetRow("b", image)]);
    const { length } = await readFile(path);
    for (const kept of [length - 1, length - 300, 200, 8, 3, 0]) {
      await truncate(path, kept);
      await expect(loadDataset(path), `${kept} bytes`).rejects.toThrow(
        /^Cannot read ".*x\.parquet": cut off, or no parquet \(.+\), expected a whole parquet file$/,
      );
    }
  });

  it("is told, or read, with any byte of its footer damaged; no read fails unheard", async () => {
    const path = join(await temporaryFolder(), "x.parquet");
    await parquetFile(path, [parquetRow("a"), parquetRow("b")]);
    const whole = await readFile(path);
    const begin = whole.length - 8 - whole.readUInt32LE(whole.length - 8);
    const unheard: unknown[] = [];
    const hear = (cause: unknown) => void unheard.push(cause);
    process.on("unhandledRejection", hear);
    for (let at = begin; at < whole.length - 8; at += 1) {
      await writeFile(path, Buffer.from(whole).fill(0x1c, at, at + 1));
      const failure = await checkDataset(path, { images: false }).catch((cause: unknown) => cause);
      if (failure instanceof Error) expect(failure, `byte ${at}`).toBeInstanceOf(SggError);
    }
    await new Promise(setImmediate);
    process.off("unhandledRejection", hear);
    expect(unheard).toEqual([]);
  });

  it("is told when its middle is damaged", async () => {
    const path = join(await temporaryFolder(), "x.parquet");
    await parquetFile(path, [parquetRow("a"), parquetRow("b")]);
    const bytes = await readFile(path);
    await writeFile(path, bytes.fill(0xff, 4, 120));
    await expect(loadDataset(path)).rejects.toThrow(
      /^Cannot read ".*x\.parquet": rows 0 to 1 are damaged \(.+\), expected a whole parquet file$/,
    );
  });

  requires("python").it("is told when columns are missing or of other types", async () => {
    const path = join(await temporaryFolder(), "x.parquet");
    const write = (columns: string) =>
      askWorker(
        `import json, sys, pyarrow as pa, pyarrow.parquet as pq
pq.write_table(pa.table(${columns}), json.load(sys.stdin)); print(0)`,
        path,
      );
    await write('{"image_id": [1.5], "objects": ["[]"], "width": ["4"], "image": [True]}');
    await expect(loadDataset(path)).rejects.toThrow(
      'Cannot use "x.parquet" as a dataset: no column relationships (found image_id, objects, width, image); column image_id is DOUBLE, expected a string or INT32 or INT64; column width is BYTE_ARRAY, expected INT32 or INT64; column image is BOOLEAN, expected a struct of bytes and path, bytes, or a string, expected the columns image_id, objects, relationships',
    );
  });

  requires("python").it("says which row has bytes for a text that are none", async () => {
    const path = join(await temporaryFolder(), "x.parquet");
    await parquetFile(path, [parquetRow("a"), parquetRow("b"), parquetRow("c")]);
    await askWorker(
      `import json, sys, pyarrow as pa, pyarrow.parquet as pq
path = json.load(sys.stdin)
table = pq.read_table(path)
ids = pa.array([b"a", b"caf\\xe9", b"\\xef\\xbb\\xbfc"])
pq.write_table(table.set_column(0, "image_id", ids.view(pa.binary()).cast(pa.binary())), path); print(0)`,
      path,
    );
    const { faults, rows } = await checkDataset(path, { images: false });
    expect([rows, faults.map(faultText)]).toEqual([
      3,
      ["row 1: bytes that are not UTF-8, expected text in UTF-8"],
    ]);
  });

  it("says which row has no image", async () => {
    const folder = await temporaryFolder();
    const path = await parquetFile(join(folder, "x.parquet"), [parquetRow("a")]);
    expect((await checkDataset(path)).faults.map(faultText)).toEqual([
      'row 0 (image_id "a"), image_path: nothing, expected the path of an image',
    ]);
    await expect(imageDataUrl(`${path}#0`)).rejects.toThrow(
      `Cannot read "${path}#0": unreadable (a row without an image), expected an image`,
    );
    await expect(imageDataUrl(`${path}#4`)).rejects.toThrow("unreadable (only 1 rows)");
  });

  it("says that the image in a row is none", async () => {
    const path = join(await temporaryFolder(), "x.parquet");
    await parquetFile(path, [parquetRow("a", Buffer.from("text"))]);
    const [fault] = (await checkDataset(path)).faults.map(faultText);
    expect(fault).toMatch(/^row 0 \(image_id "a"\), image: unreadable \(.*\), expected a readable/);
  });
});
