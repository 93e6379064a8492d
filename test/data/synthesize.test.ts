import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadDataset } from "../../src/data/load.ts";
import type { SceneStyle } from "../../src/data/scenes/style.ts";
import { synthesize } from "../../src/data/synthesize.ts";
import { temporaryFolder } from "./rows-file.ts";

describe("synthesize", () => {
  it("writes a dataset without a fault", async () => {
    const out = join(await temporaryFolder(), "new/scenes");
    expect(await synthesize({ count: 5, seed: 1, out })).toBe(join(out, "scenes.jsonl"));
    const rows = await loadDataset(out);
    expect(rows.map(({ image_id }) => image_id)).toEqual(
      [0, 1, 2, 3, 4].map((index) => `scene_1_00000${index}`),
    );
    expect(await readdir(join(out, "images"))).toHaveLength(5);
  });

  it("writes the same bytes for the same seed, and a smaller count its first lines", async () => {
    const folder = await temporaryFolder();
    const text = async (name: string, count: number, seed: number) =>
      readFile(await synthesize({ count, seed, out: join(folder, name) }), "utf8");
    const ten = await text("a", 10, 3);
    expect(await text("b", 10, 3)).toBe(ten);
    expect(ten.startsWith(await text("c", 4, 3))).toBe(true);
    expect(await text("d", 10, 4)).not.toBe(ten);
    const image = "images/scene_3_000002.png";
    expect(await readFile(join(folder, "a", image))).toEqual(
      await readFile(join(folder, "b", image)),
    );
  });

  it("gives rows a question and an answer, and the same scenes as without", async () => {
    const folder = await temporaryFolder();
    const rows = async (name: string, style: SceneStyle) =>
      loadDataset(dirname(await synthesize({ count: 6, seed: 3, style, out: join(folder, name) })));
    const plain = await rows("a", { size: 140 });
    const asked = await rows("b", { size: 140, questions: true });
    expect(plain.map(({ objects }) => objects)).toEqual(asked.map(({ objects }) => objects));
    expect(plain.every(({ question }) => question === undefined)).toBe(true);
    expect(asked.every(({ question, answer }) => question && answer)).toBe(true);
  });

  it("asks about one picture so many times", async () => {
    const out = join(await temporaryFolder(), "same");
    const style = { size: 140, hatch: 50, questions: true, same_picture: 2 };
    await synthesize({ count: 5, seed: 3, style, out });
    const rows = await loadDataset(out);
    expect(rows.map(({ image_id }) => image_id)).toEqual(
      [0, 1, 2, 3, 4].map((index) => `scene_3_00000${index}`),
    );
    expect(rows.map(({ image_path }) => image_path?.slice(-10))).toEqual([
      "000000.png",
      "000000.png",
      "000002.png",
      "000002.png",
      "000004.png",
    ]);
    expect(rows[1]!.objects).toEqual(rows[0]!.objects);
    expect(rows[2]!.objects).not.toEqual(rows[0]!.objects);
    expect(await readdir(join(out, "images"))).toHaveLength(3);
  });

  it("takes an empty folder, and one that others may read", async () => {
    const out = join(await temporaryFolder(), "empty");
    await mkdir(out);
    await synthesize({ count: 1, seed: 0, out });
    expect((await stat(out)).mode & 0o055).toBe(0o055 & ~process.umask());
  });

  it("refuses a folder with something in it, and leaves that alone", async () => {
    const out = await temporaryFolder();
    await writeFile(join(out, "mine.txt"), "mine");
    await expect(synthesize({ count: 1, seed: 0, out })).rejects.toThrow(
      `Cannot write "${out}": it holds 1 file, expected a new or empty folder`,
    );
    expect(await readdir(out)).toEqual(["mine.txt"]);
  });

  it("leaves nothing behind when it is stopped or cannot write", async () => {
    const folder = await temporaryFolder();
    const signal = AbortSignal.abort(new Error("stopped"));
    await expect(synthesize({ count: 3, seed: 0, out: join(folder, "a"), signal })).rejects.toThrow(
      "stopped",
    );
    expect(await readdir(folder)).toEqual([]);
    await writeFile(join(folder, "file"), "");
    const out = join(folder, "file/under");
    await expect(synthesize({ count: 1, seed: 0, out })).rejects.toThrow(/Cannot write ".*ENOTDIR/);
  });
});
