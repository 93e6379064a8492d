import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { prepare } from "../../src/cli/data-prepare-run.ts";
import { vg150 } from "../../src/core/classes/vg150.ts";
import { readLines } from "../../src/data/lines.ts";
import { loadDataset } from "../../src/data/load.ts";
import { loadPredictions, toEvaluationRows } from "../../src/data/predictions.ts";
import { readPsg } from "../../src/data/prepare/psg.ts";
import { writeTrainingRows } from "../../src/data/training-rows.ts";
import { shipped } from "../../src/root.ts";
import { psgFiles } from "../data/prepare/psg-files.ts";
import { vg150Files } from "../data/prepare/vg150-files.ts";
import { requires } from "../helpers/requires.ts";
import { r1sgg } from "./r1sgg.ts";

async function jsonLines<T>(path: string): Promise<T[]> {
  const lines: T[] = [];
  for await (const { text } of readLines(path)) lines.push(JSON.parse(text) as T);
  return lines;
}

/** The command for the fixture; validation images are two. */
async function vg150Command() {
  const { folder, h5, dicts, imageData, images } = await vg150Files();
  const out = join(folder, "out");
  const argv = [
    "data",
    "prepare",
    "vg150",
    "--h5",
    h5,
    "--dicts",
    dicts,
    "--image-data",
    imageData,
  ];
  return {
    folder,
    h5,
    out,
    argv: [...argv, "--images", images.join(","), "--out", out, "--num-val", "2"],
  };
}

describe("r1sgg data prepare vg150", () => {
  it("prints the count after every filter, beside the paper's", async () => {
    const { out, argv } = await vg150Command();
    const { code, out: printed, err } = await r1sgg(...argv, "--split", "all");
    expect(code).toBe(0);
    expect(printed).toBe(`${out}
train.jsonl: 4 rows (paper: 56,224)
        9 images        15 relations  in split 0 of the file
        8 images        15 relations  with an object
        8 images        15 relations  not corrupt
        7 images        15 relations  with a relation
        5 images        11 relations  after the first 2
        4 images         7 relations  with boxes that touch
        4 images         6 relations  each statement once
val.jsonl: 2 rows (paper: 5,000)
        9 images        15 relations  in split 0 of the file
        8 images        15 relations  with an object
        8 images        15 relations  not corrupt
        7 images        15 relations  with a relation
        2 images         4 relations  the first 2
test.jsonl: 1 row
        1 images         3 relations  in split 2 of the file
        1 images         3 relations  with an object
        1 images         3 relations  not corrupt
        1 images         3 relations  with a relation
`);
    expect(err).toContain("prepare: 7 of 7 images measured\n");
    expect(err).toContain("prepare: 4 of 4 rows of train written\n");
  });

  it("goes on to check, SFT rows, GRPO targets and evaluation, value for value", async () => {
    const { folder, out, argv } = await vg150Command();
    await r1sgg(...argv);
    const val = join(out, "val.jsonl");
    expect(await r1sgg("data", "check", val)).toMatchObject({
      code: 0,
      out: `${val}: 2 rows, no faults\n`,
    });

    const rows = await loadDataset(val);
    const training = {
      rows,
      out: join(folder, "rows"),
      system: "s",
      prompt: "p",
      think: "none",
    } as const;
    const { sft, grpo } = await writeTrainingRows(training);
    type Sft = { image_id: string; image_path: string; completion: [{ content: string }] };
    const answers = await jsonLines<Sft>(sft);
    // Image 5 is 640 x 480; int(10 / 640 * 1000) = 15, int(20 / 480 * 1000) = 41, …
    expect(answers[1]).toMatchObject({ image_id: "5", image_path: "../images/VG_100K/5.jpg" });
    expect(answers[1]!.completion[0].content).toBe(`\`\`\`json
{
  "objects": [
{"id": "cup.1", "bbox": [15, 41, 62, 125]},
{"id": "table.2", "bbox": [0, 83, 1000, 1000]}
  ],
  "relationships": [
{"subject": "cup.1", "predicate": "on", "object": "table.2"}
  ]
}
\`\`\`
`);
    expect((await jsonLines<{ target: unknown }>(grpo))[1]!.target).toEqual({
      image_id: "5",
      width: 640,
      height: 480,
      objects: [
        { id: "cup.1", bbox: [10, 20, 40, 60] },
        { id: "table.2", bbox: [0, 40, 640, 480] },
      ],
      relationships: [{ subject: "cup.1", predicate: "on", object: "table.2" }],
    });

    const predictions = join(folder, "predictions.jsonl");
    const lines = answers.map(({ image_id, completion }) =>
      JSON.stringify({ image_id, response: completion[0].content, box_scale: [1000, 1000] }),
    );
    await writeFile(predictions, `${lines.join("\n")}\n`);
    const joined = toEvaluationRows(rows, await loadPredictions(predictions), predictions);
    expect(joined.map(({ target }) => target.objects)).toEqual(rows.map(({ objects }) => objects));
    const classes = join(folder, "classes.json");
    await writeFile(classes, JSON.stringify(vg150));
    const evaluated = await r1sgg(
      ...["eval", "--dataset", val, "--predictions", predictions, "--classes", classes, "--json"],
    );
    // What SFT teaches is right by evaluation: all is found, for names and boxes are the same.
    expect(JSON.parse(evaluated.out)).toMatchObject({
      images: 2,
      failed: 0,
      ap50: 100,
      recall: { 20: 100 },
    });
  });

  it("prints what prepare.json holds when asked to", async () => {
    const { out, argv } = await vg150Command();
    const flags = [
      "--json",
      "--split",
      "train",
      "--duplicates",
      "pairs",
      "--exact-boxes",
      "--seed",
      "3",
    ];
    const printed = await r1sgg(...argv, ...flags, "--no-filter-overlap", "--copy-images");
    expect(printed.out).toBe(await readFile(join(out, "prepare.json"), "utf8"));
    expect(JSON.parse(printed.out)).toMatchObject({
      dataset: "vg150",
      options: {
        splits: ["train"],
        filters: { corrupt: true, relations: true, overlap: false, validation: 2, seed: 3 },
        duplicates: "pairs",
        boxes: "exact",
        sizes: "measured",
        copyImages: true,
      },
    });
    expect((await r1sgg("data", "check", out)).code).toBe(0);
  });

  it("exits 3 with one sentence for files that are spoilt, and leaves nothing", async () => {
    const { folder, h5, out, argv } = await vg150Command();
    const whole = await readFile(h5);
    await writeFile(h5, whole.subarray(0, 5000));
    const before = await readdir(folder);
    expect(await r1sgg(...argv)).toEqual({
      code: 3,
      out: "",
      err: `r1sgg: Cannot use "${h5}": cut off after 5000 bytes, expected all ${whole.length} of them\n`,
    });
    expect(await readdir(folder)).toEqual(before);
    await writeFile(h5, whole);
    expect((await r1sgg(...argv)).code).toBe(0);
    expect(await readdir(out)).toEqual(["prepare.json", "train.jsonl", "val.jsonl"]);
    const again = await r1sgg(...argv);
    expect([again.code, again.err]).toEqual([
      2,
      `r1sgg: Cannot write "${out}": it holds 3 files, expected a new or empty folder\n`,
    ]);
  });

  it("exits 2 for a split or a choice that is none", async () => {
    const { argv } = await vg150Command();
    const split = await r1sgg(...argv, "--split", "train,dev");
    expect(split.code).toBe(2);
    expect(split.err).toContain("Expected all, or of train, val, test, parted by commas.");
    expect((await r1sgg(...argv, "--duplicates", "some")).code).toBe(2);
    const nowhere = await r1sgg(...argv, "--images", " , ");
    expect([nowhere.code, nowhere.err]).toEqual([
      2,
      expect.stringContaining("Expected some, parted by commas."),
    ]);
  });
});

describe("r1sgg data prepare psg", () => {
  async function psgCommand() {
    const { folder, psg, images } = await psgFiles();
    const out = join(folder, "out");
    return {
      folder,
      out,
      argv: ["data", "prepare", "psg", "--psg", psg, "--images", images[0]!, "--out", out],
    };
  }

  it("prints counts beside the published ones; its rows have no fault and train", async () => {
    const { folder, out, argv } = await psgCommand();
    const { code, out: printed } = await r1sgg(...argv);
    expect([code, printed]).toEqual([
      0,
      `${out}
train.jsonl: 2 rows (paper: 46,563)
        2 images         5 relations  not listed in test_image_ids (published: 46,563 images)
        2 images         4 relations  each statement once
test.jsonl: 2 rows (paper: 2,186)
        2 images         2 relations  listed in test_image_ids (published: 2,186 images)
        2 images         1 relations  each statement once
`,
    ]);
    const train = join(out, "train.jsonl");
    expect((await r1sgg("data", "check", train)).out).toBe(`${train}: 2 rows, no faults\n`);
    const rows = await loadDataset(train);
    const { sft } = await writeTrainingRows({
      rows,
      out: folder,
      system: "s",
      prompt: "p",
      think: "none",
    });
    type Sft = { completion: [{ content: string }] };
    const [first] = await jsonLines<Sft>(sft);
    // int(16 / 48 * 1000) = 333, int(8 / 64 * 1000) = 125; names keep their hyphens
    expect(first!.completion[0].content).toContain(
      '{"id": "umbrella.3", "bbox": [333, 125, 979, 437]}',
    );
    expect(first!.completion[0].content).toContain(
      '{"id": "grass-merged.5", "bbox": [0, 445, 1000, 1000]}',
    );
    expect(first!.completion[0].content).toContain(
      '{"subject": "person.1", "predicate": "standing on", "object": "grass-merged.5"}',
    );
  });

  // A real disk of 8 KiB, in a mount namespace of its own that ends with the process.
  requires("mounts").it("leaves nothing behind on a full disk, and says so", async () => {
    const { folder, argv } = await psgCommand();
    const disk = join(folder, "disk");
    await mkdir(disk);
    const out = join(disk, "out");
    const main = shipped("src/cli/main.ts");
    const flags = [...argv.slice(0, -1), out, "--copy-images", "--stated-sizes"];
    const { stderr, stdout, exitCode } = await execa(
      "unshare",
      [
        ...["--map-root-user", "--mount", "bash", "-c"],
        'disk=$1; shift; mount -t tmpfs -o size=8k tmpfs "$disk" && "$@"; code=$?; ls -A "$disk"; exit $code',
        ...["bash", disk, process.execPath, main, ...flags],
      ],
      { reject: false },
    );
    expect(stderr).toContain(`r1sgg: Cannot write "${out}": ENOSPC`);
    expect(stderr).toContain("expected a disk with room that we may write to");
    expect([exitCode, stdout]).toEqual([4, ""]);
  });

  it("ends with 130's error when it is asked to stop, and leaves nothing", async () => {
    const { folder, ...options } = await psgFiles();
    const out = join(folder, "out");
    const io = { print: () => {}, warn: () => {} };
    const stopping = prepare(
      async (onProgress, signal) => {
        const prepared = await readPsg(options, onProgress);
        process.emit("SIGHUP", "SIGHUP");
        expect(signal.aborted).toBe(true);
        return prepared;
      },
      { out },
      io,
    );
    await expect(stopping).rejects.toMatchObject({
      code: "INTERRUPTED",
      message: `Cannot finish "${out}": SIGHUP, nothing is written`,
    });
    expect(await readdir(folder)).toEqual(["coco", "psg.json"]);
  });
});
