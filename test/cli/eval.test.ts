import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { main } from "../../src/cli/main.ts";
import { shipped } from "../../src/root.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "r1sgg-eval-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const row = (image_id: string) => ({
  image_id,
  width: 200,
  height: 100,
  objects: [
    { id: "cat.1", bbox: [0, 0, 100, 50] },
    { id: "hat.2", bbox: [20, 20, 40, 40] },
  ],
  relationships: [{ subject: "cat.1", predicate: "wears", object: "hat.2" }],
});
/** The same scene on the model's scale of 0 to 1000. */
const answer = JSON.stringify({
  objects: [
    { id: "cat.1", bbox: [0, 0, 500, 500] },
    { id: "hat.2", bbox: [100, 200, 200, 400] },
  ],
  relationships: [{ subject: "cat.1", predicate: "wears", object: "hat.2" }],
});
const said = (image_id: string, response = answer) => ({
  image_id,
  response,
  box_scale: [1000, 1000],
});

async function write(name: string, lines: readonly unknown[]): Promise<string> {
  const texts = lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line)));
  await writeFile(join(folder, name), `${texts.join("\n")}\n`);
  return join(folder, name);
}

async function run(...argv: string[]) {
  const out: string[] = [];
  const words: string[] = [];
  const code = await main(["eval", ...argv], {
    print: (text) => void out.push(text),
    warn: (text) => void words.push(text),
  });
  return { code, out: out.join(""), words: words.join("") };
}

async function files(predictions: readonly unknown[], images = ["a", "b"]): Promise<string[]> {
  const dataset = await write("data.jsonl", images.map(row));
  return ["--dataset", dataset, "--predictions", await write("predictions.jsonl", predictions)];
}

describe("r1sgg eval", () => {
  it("writes metrics.json and prints a table", async () => {
    const path = join(folder, "new", "metrics.json");
    const argv = await files([said("b", "no JSON"), said("a")]);
    const { code, out, words } = await run(...argv, "--out", path);
    expect({ code, words }).toEqual({ code: 0, words: "" });
    expect(out).toMatch(/^Method +Failure % ↓ +AP50 ↑ +R@20 ↑/);
    expect(JSON.parse(await readFile(path, "utf8"))).toMatchObject({
      compat: "strict",
      images: 2,
      failed: 1,
      failure_rate: 50,
      recall: { "20": 50, "50": 50, "100": 50 },
      classes: { objects: ["cat", "hat"], predicates: ["wears"] },
    });
  });

  it("counts an image without a prediction as a failure, and says so", async () => {
    const { code, out, words } = await run(...(await files([said("a")])), "--json");
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ images: 2, failed: 1, recall: { "20": 50 } });
    expect(words).toBe("1 of 2 images have no prediction: failures\n");
  });

  it("reads a folder of one file an image", async () => {
    const dataset = await write("data.jsonl", [row("a"), row("b")]);
    await mkdir(join(folder, "answers"));
    for (const id of ["a", "b"]) await write(`answers/${id}.json`, [said(id)]);
    await write("answers/notes.txt", ["not one of them"]);
    const { out } = await run(
      "--dataset",
      dataset,
      "--predictions",
      join(folder, "answers"),
      "--json",
    );
    expect(JSON.parse(out)).toMatchObject({ failed: 0, ap50: 100, recall: { "20": 100 } });
  });

  it("takes the classes of a file, and says what they leave out", async () => {
    const classes = await write("classes.json", [{ objects: ["cat"], predicates: ["wears"] }]);
    const argv = await files([said("a"), said("b")]);
    const { out, words } = await run(...argv, "--classes", classes, "--json");
    expect(JSON.parse(out)).toMatchObject({ ap50: 100, recall: { "20": null } });
    expect(words).toContain("not in --classes, left out: 2 objects and 2 relations");
    expect(words).toContain("2 images have no relation");
  });

  it.each([
    [["--compat", "release"], 'with "--compat release": no --classes, expected --classes vg150 or'],
    [
      ["--compat", "release", "--classes", "dataset"],
      "--classes dataset, expected --classes vg150",
    ],
    [["--classes", "/no/such/file"], '"/no/such/file"'],
    [["--threshold", "2"], "Expected a number from 0 to 1"],
    [["--bootstrap", "-1"], "Expected a whole number"],
    [["--compat", "loose"], "Allowed choices are strict, release"],
  ])("refuses %j in one sentence with exit code 2", async (more, part) => {
    const { code, out, words } = await run(...(await files([said("a"), said("b")])), ...more);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(words).toContain(part);
  });

  it("lists every fault of the predictions at once, with exit code 3", async () => {
    const faults = [
      '{"image_id": "a"',
      { ...said("a"), box_scale: [0, 1000] },
      said("b"),
      said("b"),
    ];
    const { code, words } = await run(...(await files(faults)));
    expect(code).toBe(3);
    expect(words).toMatch(/Cannot load ".*": 3 faults/);
    expect(words).toMatch(
      /line 1: broken JSON.*\n.*line 2: box_scale\.0: .*\n.*line 4: a second answer/,
    );
  });

  it("refuses answers to images of another dataset", async () => {
    const { code, words } = await run(...(await files([said("a"), said("stranger")])));
    expect(code).toBe(3);
    expect(words).toContain('"stranger" is no image of the dataset');
  });

  it.each([["--dataset"], ["--predictions"]])("asks for %s", async (option) => {
    const argv = await files([said("a"), said("b")]);
    argv.splice(argv.indexOf(option), 2);
    const { code, out, words } = await run(...argv);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(words).toContain(`required option '${option} <path>' not specified`);
  });

  it("gives each figure its interval, the same for the same seed", async () => {
    const argv = await files([said("a"), said("b", "no JSON")]);
    const seeded = (...more: string[]) => run(...argv, "--json", "--seed", "7", ...more);
    const first = JSON.parse((await seeded()).out);
    expect(first.confidence).toMatchObject({ level: 95, samples: 1000, seed: 7 });
    expect(first.confidence.recall["20"]).toEqual([0, 100]); // one of two images
    expect(JSON.parse((await seeded()).out)).toEqual(first);
    expect(JSON.parse((await seeded("--bootstrap", "0")).out).confidence).toBeNull();
    const { out } = await run(...argv);
    expect(out).toMatch(/^R@20 +50\.00 +\[0\.00, 100\.00\]$/m);
    expect(out).toContain("Intervals: bootstrap over images, 1000 samples, seed 0.");
  });

  it("knows the triplets and the frequencies of VG150", async () => {
    const argv = await files([said("a"), said("b")]);
    const { out } = await run(...argv, "--classes", "vg150", "--json");
    const metrics = JSON.parse(out);
    expect(metrics.classes.objects).toHaveLength(150);
    expect(metrics.groups.frequencies).toBe("VG-SGG-dicts.json");
    expect(metrics).toMatchObject({ recall: { "20": 100 }, zero_shot_recall: { "20": null } });
  });

  it("takes zero-shot triplets and frequencies from the data that was trained on", async () => {
    const argv = await files([said("a"), said("b")]);
    const other = {
      ...row("t"),
      relationships: [{ ...row("t").relationships[0]!, predicate: "on" }],
    };
    const training = await write("training.jsonl", [other]);
    const { out } = await run(...argv, "--training-data", training, "--json");
    expect(JSON.parse(out)).toMatchObject({
      zero_shot_recall: { "20": 100 },
      groups: { frequencies: training },
    });
    const { out: same } = await run(...argv, "--training-data", argv[1]!, "--json");
    expect(JSON.parse(same)).toMatchObject({ zero_shot_recall: { "20": null } });
  });

  it("takes a name that is no class for the most similar one, if asked to", async () => {
    const open = answer.replaceAll("hat", "cap").replaceAll("wears", "wearing");
    const argv = await files([said("a", open), said("b", open)]);
    expect(JSON.parse((await run(...argv, "--json")).out).recall["20"]).toBe(0);
    const similar = ["--match-names", "similarity", "--threshold"];
    expect(JSON.parse((await run(...argv, "--json", ...similar, "0.2")).out).recall["20"]).toBe(
      100,
    );
    expect(JSON.parse((await run(...argv, "--json", ...similar, "1")).out).recall["20"]).toBe(0);
  });

  it("writes the recall of each image", async () => {
    const argv = await files([said("a"), said("b", "no JSON")]);
    const path = join(folder, "images.jsonl");
    await run(...argv, "--per-image", path);
    const lines = (await readFile(path, "utf8")).trim().split("\n");
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { image_id: "a", answer: "read", relationships: 1, recall: { "20": 100 } },
      { image_id: "b", answer: "failed", recall: { "20": 0 } },
    ]);
  });

  it("says how many answers do not state their box_scale", async () => {
    const { box_scale: _none, ...bare } = said("a");
    const { words } = await run(...(await files([bare, said("b")])));
    expect(words).toContain("1 answers do not state a box_scale: taken to go up to 1000 x 1000");
  });

  it.each(["--dataset", "--predictions"])("names a %s that is not there", async (option) => {
    const argv = await files([said("a")]);
    argv[argv.indexOf(option) + 1] = join(folder, "nothing");
    const { code, words } = await run(...argv);
    expect(code).toBe(3);
    expect(words).toMatch(/^r1sgg: Cannot load ".*nothing": nothing there, expected /);
  });

  it("says when the figures cannot be written, with exit code 2", async () => {
    const argv = await files([said("a"), said("b")]);
    const { code, out, words } = await run(...argv, "--out", join(argv[1]!, "metrics.json"));
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(words).toMatch(/Cannot write ".*metrics.json": /);
  });
});

describe("r1sgg eval --compat release", () => {
  const golden = (name: string) => shipped(`test/golden/eval/${name}`);
  const argv = (data: string) => [
    ...["--dataset", golden(`${data}-dataset.jsonl`)],
    ...["--predictions", golden(`${data}-predictions.jsonl`)],
    ...["--classes", data, "--compat", "release", "--bootstrap", "50"],
  ];

  it.each([
    ["vg150", { images: 48, answered: 47, failed: 6, failure_rate: 12.766 }, 0.622669163510323],
    ["psg", { images: 14, answered: 14, failed: 1, failure_rate: 7.1429 }, 0.6990370269903703],
  ])("gives the reference's figures of %s from its files", async (data, counts, ap50) => {
    const { code, out } = await run(...argv(data), "--json");
    expect(code).toBe(0);
    const metrics = JSON.parse(out);
    expect(metrics).toMatchObject({ compat: "release", ...counts });
    expect(metrics.ap50).toBeCloseTo(100 * ap50, 9);
  });

  it("says what it leaves out", async () => {
    const { words } = await run(...argv("vg150"));
    expect(words.split("\n")).toEqual([
      "1 of 48 images have no prediction: left out, as the release does",
      "1 images have no relation: not part of recall",
      "1 images are answered with objects and no relation: the release leaves them out of R@K",
      "1 answers do not state a box_scale: taken to go up to 1000 x 1000",
      "",
    ]);
  });
});

describe("r1sgg eval explain", () => {
  it("gives each relation and the reason of each miss", async () => {
    const argv = await files([said("a"), said("b", answer.replaceAll("hat", "cap"))]);
    const found = await run("explain", "a", ...argv);
    expect(found).toMatchObject({ code: 0, words: "" });
    expect(found.out).toContain("a (strict): 1 of 1 relations found; R@20 100.00");
    expect(found.out).toContain("found at place 1 by relation 1 of the answer");
    const missed = await run("explain", "b", ...argv);
    expect(missed.out).toContain(
      'missed (name unmapped): hat.2 is there as "cap.2", which is no class',
    );
    expect(missed.out).toContain('does not count: "cap" is no class');
  });

  it("prints JSON, and draws", async () => {
    const argv = await files([said("a"), said("b", "no JSON")]);
    const path = join(folder, "b.svg");
    const { out } = await run("explain", "b", ...argv, "--json", "--svg", path);
    expect(JSON.parse(out)).toMatchObject({ image_id: "b", truth: [{ rank: null }] });
    expect(await readFile(path, "utf8")).toMatch(/^<svg [\s\S]*No graph[\s\S]*<\/svg>\n$/);
  });

  it("refuses an image that is not there", async () => {
    const { code, words } = await run("explain", "c", ...(await files([said("a"), said("b")])));
    expect(code).toBe(2);
    expect(words).toMatch(/Cannot explain "c": no such image in ".*", expected an image_id of it/);
  });
});

describe("r1sgg eval compare", () => {
  it("gives differences, their intervals and the images that differ most", async () => {
    const [, dataset] = await files([]);
    const a = await write("a.jsonl", [said("a"), said("b", "no JSON")]);
    const b = await write("b.jsonl", [said("b"), said("a")]);
    const argv = ["compare", a, b, "--dataset", dataset!];
    const { code, out } = await run(...argv);
    expect(code).toBe(0);
    expect(out).toMatch(/^Failure rate +50\.00 +0\.00 +-50\.00 +\[-100\.00, 0\.00\]$/m);
    expect(out).toMatch(/^R@20 +50\.00 +100\.00 +\+50\.00 +\[0\.00, 100\.00\]$/m);
    expect(out).toMatch(/Images by R@50.*\nb +0\.00 +100\.00 +\+100\.00\n$/);
    const path = join(folder, "compared.json");
    const { out: json } = await run(...argv, "--json", "--out", path, "--top", "0");
    expect(JSON.parse(json)).toMatchObject({ files: { a, b }, images: 2, by_image: [] });
    expect(await readFile(path, "utf8")).toBe(json);
  });
});
