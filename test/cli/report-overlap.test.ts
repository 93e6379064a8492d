import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { r1sgg } from "./r1sgg.ts";
import { writeRun } from "./run-folders.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "r1sgg-overlap-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
});

/** A row of which only what tells its image matters. */
const row = (image_id: string, more = {}) => ({
  ...{ image_id, width: 9, height: 9, objects: [], relationships: [] },
  ...more,
});

type Rows = readonly ReturnType<typeof row>[];

/** A model trained on PSG (or what is said), and asked about VG150. */
async function crossed(train: Rows, test: Rows, classes: readonly unknown[] = ["psg", "vg150"]) {
  const rowsOf = (name: string) => ({ kind: "rows", from: { path: `/data/${name}` } });
  const data = (i: number) => (classes[i] === null ? {} : { classes: classes[i] });
  await writeRun(join(folder, "runs"), {
    ...{ name: "sft-7b-psg-closed", stage: "sft", recipe: { data: data(0) } },
    inputs: { "inputs/train": rowsOf("train") },
    files: { "inputs/train/sft.jsonl": train },
  });
  const infer = "infer-sft-7b-psg-closed-on-vg150";
  await writeRun(join(folder, "runs"), { name: infer, stage: "infer", from: "sft-7b-psg-closed" });
  return writeRun(join(folder, "runs"), {
    ...{ name: "eval-sft-7b-psg-closed-on-vg150", stage: "eval", from: infer },
    ...{ recipe: { data: data(1) }, metrics: { compat: "release", ap50: 5 } },
    inputs: { "inputs/rows": rowsOf("test") },
    files: { "inputs/rows/rows.jsonl": test },
  });
}

const report = (...args: string[]) =>
  r1sgg("report", "table3", "--runs", join(folder, "runs"), ...args);
/** The line of the pair in what is printed. */
const line = async (...args: string[]) =>
  /^train .*$/m.exec((await report(...args)).out)?.[0].replaceAll(/ +/g, " ");

describe("the overlap that r1sgg report prints beside the table from one data set to the other", () => {
  it("is told by COCO's numbers, from coco_id and from the names of COCO's files", async () => {
    await crossed(
      [row("1", { image_path: "coco/train2017/000000000139.jpg" }), row("2", { coco_id: 7 })],
      [row("10", { coco_id: 139 }), row("11", { coco_id: 8 }), row("2"), row("13")],
    );
    expect(await line()).toBe("train test COCO id, which 2 of the test images have 4 1 25.00");
  });

  it("is in every form", async () => {
    await crossed([row("1", { coco_id: 7 })], [row("2", { coco_id: 7 })]);
    const out = join(folder, "out");
    await report("--out", out);
    const read = (file: string) => readFile(join(out, file), "utf8");
    const by = "COCO id, which 1 of the test images have";
    expect(await read("table3.md")).toContain(`| train | test | ${by} | 1 | 1 | 100.00 |`);
    expect(await read("table3.tex")).toContain(`train & test & ${by} & 1 & 1 & 100.00 \\\\`);
    expect(await read("table3.tex")).toContain("\\label{tab:table3-overlap}");
    expect(await read("table3-overlap.csv")).toBe(
      `Trained on,Tested on,Told by,Test images,Of them trained on,%\r\ntrain,test,"${by}",1,1,100.00\r\n`,
    );
    const overlap = [{ trained: "train", tested: "test", images: 1, shared: 1, by }];
    expect(JSON.parse(await read("table3.json"))).toMatchObject({ overlap });
    expect(await read("index.html")).toContain("<h2>Test images that are training images too</h2>");
  });

  it("is told by image_id within one data set, COCO or not", async () => {
    const test = [row("1", { coco_id: 9 }), row("3"), row("5")];
    await crossed([row("1"), row("3", { coco_id: 4 })], test, ["vg150", "vg150"]);
    expect(await line()).toBe("train test image_id 3 2 66.67");
  });

  it("is not computed where rows do not say enough, with what to do; and then is", async () => {
    await crossed([row("107902"), row("3")], [row("61512"), row("3")]);
    expect(await line()).toBe("train test – 2 not computed –");
    expect((await report()).out).toContain(
      "train and test: not computed, for the rows of train and test do not say which images of COCO they are (--coco-ids psg.json image_data.json).",
    );
    const psg = join(folder, "psg.json");
    const images = [{ image_id: "107902", file_name: "train2017/000000417720.jpg" }];
    await writeFile(psg, JSON.stringify({ data: images }));
    const vg = join(folder, "image_data.json");
    await writeFile(vg, JSON.stringify([{ image_id: 61512, coco_id: 417720 }]));
    expect((await report("--coco-ids", psg)).out).toContain("(--coco-ids image_data.json)");
    expect(await line("--coco-ids", psg, vg)).toBe(
      "train test COCO id, which 1 of the test images have 2 1 50.00",
    );
  });

  it("is told by bytes where nobody knows the data sets", async () => {
    const images = join(folder, "images");
    await mkdir(images);
    for (const [name, text] of Object.entries({ a: "one", b: "two", c: "one", d: "three" }))
      await writeFile(join(images, name), text);
    const at = (id: string, name: string) => row(id, { image_path: join(images, name) });
    await crossed([at("1", "a"), at("2", "b")], [at("1", "c"), at("2", "d")], [null, null]);
    expect(await line()).toBe("train test bytes of the image files 2 1 50.00");
    await rm(join(images, "d"));
    expect((await report()).out).toContain(
      "not computed, for not all image files are here any more",
    );
  });

  it("is not computed for rows that are gone, nor where nothing was run", async () => {
    const judged = await crossed([row("1")], [row("2")]);
    await rm(join(judged, "inputs/rows/rows.jsonl"));
    expect((await report()).out).toContain("not computed, for the test rows are not here any more");
    await rm(join(folder, "runs"), { recursive: true });
    const { out, code } = await report();
    expect(code).toBe(0);
    expect(out).toContain(
      "Not computed: no run here has a model that was trained and then tested.",
    );
  });
});
