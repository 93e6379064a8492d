import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { main } from "../../src/cli/main.ts";

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
    [["--compat", "release"], '"--compat release"'],
    [["--classes", "vg150"], '"--classes vg150"'],
    [["--classes", "psg"], '"--classes psg"'],
    [["--classes", "/no/such/file"], '"/no/such/file"'],
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
