import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkDataset } from "../../../src/data/load.ts";
import { countsText } from "../../../src/data/prepare/counts-text.ts";
import type { Prepared } from "../../../src/data/prepare/prepared.ts";
import { readPsg } from "../../../src/data/prepare/psg.ts";
import { type WriteOptions, writePrepared } from "../../../src/data/prepare/write-prepared.ts";
import { version } from "../../../src/version.ts";
import { psgFiles } from "./psg-files.ts";

async function prepared() {
  const { folder, ...options } = await psgFiles();
  const out = join(folder, "out");
  const write: WriteOptions = { out, copyImages: false, onProgress: () => {} };
  return { folder, out, write, data: await readPsg(options, () => {}) };
}

const linesOf = async (path: string): Promise<unknown[]> =>
  (await readFile(path, "utf8"))
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));

describe("writePrepared", () => {
  it("writes a file a split, with images where they lie", async () => {
    const { out, write, data } = await prepared();
    expect(await writePrepared(data, write)).toBe(out);
    expect((await readdir(out)).sort()).toEqual(["prepare.json", "test.jsonl", "train.jsonl"]);
    const [first, ...others] = await linesOf(join(out, "train.jsonl"));
    expect(Object.keys(first as object)).toEqual([
      "image_id",
      "image_path",
      "width",
      "height",
      "coco_id",
      "objects",
      "relationships",
    ]);
    expect(first).toMatchObject({ image_path: "../coco/train2017/000000417720.jpg" });
    expect(others).toHaveLength(1);
    for (const name of ["train", "test"])
      expect(await checkDataset(join(out, `${name}.jsonl`))).toMatchObject({ rows: 2, faults: [] });
  });

  it("copies the images when asked to, byte for byte", async () => {
    const { folder, out, write, data } = await prepared();
    await writePrepared(data, { ...write, copyImages: true });
    expect((await readdir(join(out, "images"))).sort()).toEqual([
      "107902.jpg",
      "2.jpg",
      "3.jpg",
      "4.jpg",
    ]);
    expect(await linesOf(join(out, "test.jsonl"))).toMatchObject([
      { image_path: "images/2.jpg" },
      { image_path: "images/4.jpg" },
    ]);
    expect(await readFile(join(out, "images/2.jpg"))).toEqual(
      await readFile(join(folder, "coco/val2017/000000000139.jpg")),
    );
    expect(await checkDataset(join(out, "test.jsonl"))).toMatchObject({ rows: 2, faults: [] });
  });

  it("says in prepare.json what the folder was made from", async () => {
    const { folder, out, write, data } = await prepared();
    await writePrepared(data, write);
    const path = join(folder, "psg.json");
    const record = JSON.parse(await readFile(join(out, "prepare.json"), "utf8"));
    expect(record).toEqual({
      dataset: "psg",
      version,
      sources: [
        { path, bytes: (await stat(path)).size, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      ],
      options: {
        psg: path,
        images: [join(folder, "coco")],
        splits: ["train", "test"],
        relations: false,
        duplicates: "triplets",
        seed: 0,
        sizes: "measured",
        copyImages: false,
      },
      splits: [
        { name: "train", paper: 46_563, counts: data.splits[0]!.counts },
        { name: "test", paper: 2186, counts: data.splits[1]!.counts },
      ],
      notes: [],
    });
    expect(record.sources[0].sha256).toBe(
      createHash("sha256")
        .update(await readFile(path))
        .digest("hex"),
    );
  });

  it("refuses a folder with something in it, and leaves that alone", async () => {
    const { out, write, data } = await prepared();
    await mkdir(out);
    await writeFile(join(out, "mine.txt"), "mine");
    await expect(writePrepared(data, write)).rejects.toThrow(
      `Cannot write "${out}": it holds 1 file, expected a new or empty folder`,
    );
    expect(await readdir(out)).toEqual(["mine.txt"]);
  });

  it("writes no file of a split without a row, and nothing where no split has one", async () => {
    const { folder, out, write, data } = await prepared();
    const [train, test] = data.splits;
    const none = (split: typeof train) => ({
      ...split!,
      counts: [{ kept: "nothing", images: 0, relations: 0 }],
      rows: () => [],
    });
    const before = await readdir(folder);
    const empty = { ...data, splits: [none(train), none(test)] };
    await expect(writePrepared(empty, write)).rejects.toMatchObject({
      code: "DATA",
      message: `Cannot make "${out}": no row is left in train, test, expected some`,
    });
    expect(await readdir(folder)).toEqual(before);
    const half = { ...data, splits: [train!, none(test)] };
    await writePrepared(half, write);
    expect(await readdir(out)).toEqual(["prepare.json", "train.jsonl"]);
    expect(countsText(half)).toContain("\ntest: no row, no file (paper: 2,186)\n");
  });

  it("leaves nothing behind when it is stopped or a row fails, and then starts afresh", async () => {
    const { folder, write, data } = await prepared();
    const before = await readdir(folder);
    const signal = AbortSignal.abort(new Error("stopped"));
    await expect(writePrepared(data, { ...write, signal })).rejects.toThrow("stopped");
    const failing: Prepared = {
      ...data,
      splits: [
        data.splits[0]!,
        {
          ...data.splits[1]!,
          rows: function* () {
            yield* data.splits[1]!.rows();
            throw new Error("broken row");
          },
        },
      ],
    };
    await expect(writePrepared(failing, { ...write, copyImages: true })).rejects.toThrow(
      "broken row",
    );
    expect(await readdir(folder)).toEqual(before);
    await writePrepared(data, write);
    expect(await readdir(folder)).toEqual([...before, "out"].sort());
  });

  it("clears away what a killed run left, and nothing else", async () => {
    const { folder, write, data } = await prepared();
    const left = `.out.${hostname()}.${2 ** 22 + 1}.tmp`; // no process has so high a number
    const running = `.out.${hostname()}.1.tmp`;
    const elsewhere = ".out.other-machine.99.tmp";
    for (const name of [left, running, elsewhere]) await mkdir(join(folder, name));
    await writePrepared(data, write);
    expect(await readdir(folder)).toEqual(expect.arrayContaining([running, elsewhere, "out"]));
    expect(await readdir(folder)).not.toContain(left);
  });

  it("says where there can be no folder", async () => {
    const { folder, write, data } = await prepared();
    await writeFile(join(folder, "file"), "");
    await expect(writePrepared(data, { ...write, out: join(folder, "file/out") })).rejects.toThrow(
      /^Cannot write ".*file\/out": ENOTDIR.*, expected a new or empty folder$/,
    );
  });
});
