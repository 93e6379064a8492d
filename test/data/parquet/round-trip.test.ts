import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readImage } from "../../../src/data/images/read.ts";
import { loadDataset } from "../../../src/data/load.ts";
import { datasetFiles } from "../../../src/data/shards.ts";
import { target } from "../../helpers/arbitraries.ts";
import { requires } from "../../helpers/requires.ts";
import { askWorker } from "../python-worker.ts";
import { plainImage, row, rowsFile, temporaryFolder } from "../rows-file.ts";
import { copyDataset } from "./copy-dataset.ts";

describe("a dataset that goes from JSONL to parquet and back", () => {
  it("is the same, byte for byte", async () => {
    const folder = await temporaryFolder();
    const from = join(folder, "from");
    await mkdir(join(from, "a/b"), { recursive: true });
    await plainImage(from, "beside.png", [40, 30]);
    await plainImage(from, "a/b/x.jpg", [40, 30]);
    await plainImage(from, "a/x.jpg", [400, 300]);
    const far = { ...row, width: 400, height: 300 };
    const lines = [
      { ...row, image_id: "1", image_path: "beside.png", prompt_close: "Sag es: „Tür“" },
      { ...row, image_id: "2", image_path: "a/b/x.jpg", think: "A\u2028B", coco_id: 7 },
      { ...far, image_id: "3", image_path: "a/x.jpg", relationships: [] },
      { ...row, image_id: "4", image_path: "a/b/x.jpg" },
    ].map(({ image_id, image_path, ...rest }) => ({ image_id, image_path, ...rest }));
    await rowsFile(from, lines);
    await copyDataset(from, join(folder, "parquet"), "parquet");
    expect((await readdir(join(folder, "parquet"))).sort()).toEqual([
      "prepare.json",
      "rows-00000-of-00001.parquet",
    ]);
    await copyDataset(join(folder, "parquet"), join(folder, "back"), "jsonl");
    for (const name of ["rows.jsonl", "beside.png", "a/b/x.jpg", "a/x.jpg"])
      expect(await readFile(join(folder, "back", name)), name).toEqual(
        await readFile(join(from, name)),
      );
    expect((await readdir(join(folder, "back"))).sort()).toEqual([
      ...["a", "beside.png", "prepare.json", "rows.jsonl"],
    ]);
  });

  it("has the same graphs, whatever they are", async () => {
    const graphs = fc.array(target(), { minLength: 1, maxLength: 130 });
    await fc.assert(
      fc.asyncProperty(graphs, async (targets) => {
        const folder = await temporaryFolder();
        const from = join(folder, "from");
        await mkdir(from);
        await plainImage(from, "x.png", [2000, 2000]);
        const rows = targets.map((one, at) => ({
          ...one,
          image_id: `${at}`,
          width: 2000,
          height: 2000,
        }));
        await rowsFile(
          from,
          rows.map((one) => ({ ...one, image_path: "x.png" })),
        );
        await copyDataset(from, join(folder, "parquet"), "parquet");
        await copyDataset(join(folder, "parquet"), join(folder, "back"), "jsonl");
        const back = await loadDataset(join(folder, "back"));
        const image_path = join(folder, "back", "x.png");
        expect(back).toEqual(rows.map((one) => ({ ...one, image_path })));
      }),
      { numRuns: 8 },
    );
  });

  it("reads an image out of its row, whichever it is", async () => {
    const folder = await temporaryFolder();
    const from = join(folder, "from");
    await mkdir(from);
    const lines = [];
    for (let at = 0; at < 210; at += 1) {
      await writeFile(join(from, `${at}.png`), await pngOfWidth(1 + at));
      lines.push({ image_id: `${at}`, image_path: `${at}.png`, objects: [], relationships: [] });
    }
    await rowsFile(from, lines);
    await copyDataset(from, join(folder, "parquet"), "parquet");
    const rows = await loadDataset(join(folder, "parquet"));
    const shard = join(folder, "parquet", "rows-00000-of-00001.parquet");
    expect(rows.map(({ width }) => width)).toEqual(lines.map((_, at) => 1 + at));
    for (const at of [0, 99, 100, 209, 57]) {
      expect(rows[at]?.image_path).toBe(`${shard}#${at}`);
      const stored = await readFile(join(from, `${at}.png`));
      expect(Buffer.from(await readImage(`${shard}#${at}`))).toEqual(stored);
    }
  });
});

const pngOfWidth = async (width: number): Promise<Buffer> => {
  const folder = await temporaryFolder();
  return readFile(await plainImage(folder, "x.png", [width, 2]));
};

describe("parquet that we write", () => {
  requires("python").it("is a dataset with images for Hugging Face's library", async () => {
    const folder = await temporaryFolder();
    const image = await plainImage(folder, "x.png", [40, 30]);
    await rowsFile(folder, [
      { ...row, image_path: "x.png", prompt_open: "Go" },
      { ...row, image_path: "x.png", image_id: "b" },
    ]);
    await copyDataset(folder, join(folder, "out"), "parquet");
    const [file] = await datasetFiles(join(folder, "out"));
    const seen = await askWorker(
      `import json, sys, tempfile, base64
from datasets import load_dataset, Image
with tempfile.TemporaryDirectory() as cache:
    data = load_dataset("parquet", data_files=json.load(sys.stdin), split="train", cache_dir=cache)
    raw = data.cast_column("image", Image(decode=False))
    print(json.dumps({
        "features": {name: str(kind) for name, kind in data.features.items()},
        "size": data[1]["image"].size,
        "bytes": base64.b64encode(raw[0]["image"]["bytes"]).decode(),
        "rows": [{k: v for k, v in row.items() if k != "image"} for row in raw],
    }))`,
      file,
    );
    const { features, size, bytes, rows } = seen as Record<string, object>;
    expect(Object.keys(features!)).toEqual([
      ...["image_id", "image", "prompt_open", "objects", "relationships", "width", "height"],
    ]);
    expect(features).toMatchObject({ image: expect.stringMatching(/^Image\(/) });
    expect(size).toEqual([40, 30]);
    expect(bytes).toBe((await readFile(image)).toString("base64"));
    expect(rows).toEqual(
      ["a", "b"].map((image_id) => ({
        ...{ image_id, width: 40, height: 30, prompt_open: image_id === "a" ? "Go" : null },
        objects: JSON.stringify(row.objects),
        relationships: JSON.stringify(row.relationships),
      })),
    );
  });
});
