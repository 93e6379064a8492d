import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { expect } from "vitest";
import { readImage } from "../../../src/data/images/read.ts";
import { loadDataset } from "../../../src/data/load.ts";
import { writeTrainingRows } from "../../../src/data/training-rows.ts";
import { requires } from "../../helpers/requires.ts";
import { askWorker } from "../python-worker.ts";
import { row, rowsFile, temporaryFolder } from "../rows-file.ts";
import { copyDataset } from "./copy-dataset.ts";

/** JSONL with images of several kinds, no two alike, more rows than a row group has. */
async function source() {
  const folder = await temporaryFolder();
  const from = join(folder, "from");
  await mkdir(from);
  const lines = [];
  for (let at = 0; at < 130; at += 1) {
    const name = `${at}.${["png", "jpg", "webp"][at % 3]}`;
    const background = { r: at, g: 255 - at, b: 90 };
    await sharp({ create: { width: 40, height: 30, channels: 3, background } }).toFile(
      join(from, name),
    );
    const bbox = [at / 7, 0.1, 30.25, 1e-7];
    const objects = [
      { id: "Küche-1_é.1", bbox: [bbox[0], bbox[3], bbox[2], 12.5] },
      ...row.objects,
    ];
    const extra = { prompt_open: `Q${at} "\\\u2028😀`, ...(at % 2 && { think: "\uFEFFA\n\tB" }) };
    lines.push({ ...row, objects, image_id: `id ${at}`, image_path: name, ...extra });
  }
  await rowsFile(from, lines);
  return { folder, from };
}

/** The rows of a dataset, each with the bytes of its image in the place of its path. */
async function contents(path: string) {
  const rows = await loadDataset(path);
  return Promise.all(
    rows.map(async ({ image_path, ...rest }) => ({
      ...rest,
      image: Buffer.from(await readImage(image_path!)).toString("base64"),
    })),
  );
}

requires("python").it(
  "keeps every value and image byte from JSONL over parquet and Hugging Face's library and back",
  async () => {
    const { folder, from } = await source();
    const [shards, exported] = [join(folder, "shards"), join(folder, "exported")];
    await copyDataset(from, shards, "parquet");
    await mkdir(exported);
    await askWorker(
      `import json, sys, tempfile
from datasets import load_dataset
source, out = json.load(sys.stdin)
with tempfile.TemporaryDirectory() as cache:
    data = load_dataset("parquet", data_files=source, split="train", cache_dir=cache)
    data.to_parquet(out)
print(len(data))`,
      [join(shards, "rows-00000-of-00001.parquet"), join(exported, "train.parquet")],
    );
    await copyDataset(exported, join(folder, "back"), "jsonl");
    const before = await contents(from);
    expect(await contents(shards)).toEqual(before);
    expect(await contents(exported)).toEqual(before);
    expect(await contents(join(folder, "back"))).toEqual(before);
  },
);

requires("python").it(
  "hands the trainers the prepared images, in parquet as they are",
  async () => {
    const { folder, from } = await source();
    const shards = join(folder, "shards");
    await copyDataset(from, shards, "parquet");
    const rows = await loadDataset(shards);
    const out = join(folder, "run/data");
    const { sft, grpo } = await writeTrainingRows({
      ...{ rows, out, system: "s", prompt: (one) => one.prompt_open!, think: "none" },
    });
    const seen = await askWorker(
      `import json, sys
from pathlib import Path
from r1sgg_worker.rows import GrpoRow, SftRow, load_rows, open_image
sft, grpo = json.load(sys.stdin)
targets = [row.target for row in load_rows(Path(grpo), GrpoRow)]
rows = load_rows(Path(sft), SftRow)
print(json.dumps([[row.image_id, row.prompt[1].content, open_image(row.image_path).getpixel((7, 9)), target]
                  for row, target in zip(rows, targets, strict=True)]))`,
      [sft, grpo],
    );
    type Seen = readonly [string, string, readonly number[], unknown];
    for (const [at, [id, prompt, pixel, target]] of (seen as readonly Seen[]).entries()) {
      const { image_path, prompt_open, think: _, ...wanted } = rows[at]!;
      expect([id, prompt, target]).toEqual([wanted.image_id, prompt_open, wanted]);
      if (at % 3 === 0) expect(pixel).toEqual([at, 255 - at, 90]); // the others are lossy
      const { data } = await sharp(await readImage(image_path!))
        .raw()
        .toBuffer({ resolveWithObject: true });
      for (const [channel, value] of pixel.entries())
        expect(Math.abs(value - data[(9 * 40 + 7) * 3 + channel]!)).toBeLessThanOrEqual(2);
    }
    expect(seen).toHaveLength(130);
  },
);
