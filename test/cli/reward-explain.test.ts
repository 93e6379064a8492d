import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { shipped } from "../../src/root.ts";
import { answer, scene } from "../core/rewards/scenes.ts";
import { plainImage, rowsFile, temporaryFolder } from "../data/rows-file.ts";
import { r1sgg } from "./r1sgg.ts";

const { objects, relationships } = scene;
const good = answer(objects, relationships);
const scale = ["--box-scale", "100,100", "--similarity", "exact"];

/** A target and a completion in files of their own. */
async function twoFiles(completion = good, target: unknown = scene) {
  const folder = await temporaryFolder();
  const [targetFile, completionFile] = [join(folder, "target.json"), join(folder, "answer.txt")];
  await writeFile(targetFile, typeof target === "string" ? target : JSON.stringify(target));
  await writeFile(completionFile, completion);
  const flags = ["--target", targetFile, "--completion", completionFile];
  const explain = (...more: readonly string[]) =>
    r1sgg("reward", "explain", ...flags, ...scale, ...more);
  return { folder, targetFile, completionFile, explain };
}

/** A dataset of two images, one of them there, with predictions on a scale of their own. */
async function dataset() {
  const folder = await temporaryFolder();
  await plainImage(folder, "1.png", [100, 100]);
  const rows = [
    { ...scene, image_path: "1.png" },
    { ...scene, image_id: "2", image_path: "2.png" },
    { ...scene, image_id: "3" },
  ];
  const path = await rowsFile(folder, rows);
  const predictions = join(folder, "predictions.jsonl");
  const said = (image_id: string) =>
    JSON.stringify({ image_id, response: good, box_scale: [100, 100] });
  await writeFile(predictions, `${said("1")}\n${said("2")}\n`);
  const explain = (id: string, ...more: readonly string[]) =>
    r1sgg(
      ...["reward", "explain", "--dataset", path, "--predictions", predictions, "--image-id", id],
      ...["--similarity", "exact", ...more],
    );
  return { folder, path, explain };
}

describe("r1sgg reward explain", () => {
  it("tells of two files in words", async () => {
    const { code, out, err } = await (await twoFiles()).explain();
    expect([code, err]).toEqual([0, ""]);
    expect(out).toMatch(/^Image 1 \(100 × 100\), task sgg, boxes of the answer up to 100 × 100\n/);
    expect(out).toContain("  total            = 1 + 2 + 2 + 5 = 10\n");
  });

  it("tells of a prediction with its own box scale, and as JSON", async () => {
    const { explain } = await dataset();
    const { code, out } = await explain("2", "--json");
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      ...{ image: { image_id: "2", width: 100, height: 100 }, box_scale: [100, 100] },
      ...{ profile: "release", total: 10 },
    });
    const other = JSON.parse((await explain("2", "--json", "--box-scale", "1000,1000")).out);
    expect(other.box_scale).toEqual([1000, 1000]);
    expect(other.total).toBeLessThan(10);
  });

  it("takes profile, weights, task, solver and limits", async () => {
    const { explain } = await twoFiles(JSON.stringify({ objects, relationships }));
    const told = async (...flags: readonly string[]) =>
      JSON.parse((await explain("--json", ...flags)).out);
    const formulas = (one: { rewards: { formula: string }[] }) =>
      one.rewards.map(({ formula }) => formula);
    expect(
      formulas(await told("--profile", "robust", "--lenient-format", "--edge-weight", "3")),
    ).toEqual(
      expect.arrayContaining([
        "format_reward = 1 · 0.5 (in form, not in tags) = 0.5",
        "edge_hard_reward = 3 · 2 hits / 2 relations = 3",
      ]),
    );
    expect(
      await told("--profile", "paper", "--node-weights", "1,0,0", "--solver", "munkres-js"),
    ).toMatchObject({
      rewards: [{}, { name: "node_reward", value: 1 }, {}],
      matching: { solver: "munkres-js", overlap: "IoU" },
    });
    expect(await told("--task", "cls")).toMatchObject({ task: "cls" });
    expect(await told("--max-objects", "1")).toMatchObject({
      outcome: { parsed: false, reason: "limit: 3 objects, at most 1" },
    });
  });

  it("draws on the image of the dataset, or on a blank ground", async () => {
    const { folder, explain } = await dataset();
    const svg = join(folder, "x.svg");
    const { code, err } = await explain("1", "--svg", svg);
    expect([code, err]).toEqual([0, `drawn: ${svg}\n`]);
    expect(await readFile(svg, "utf8")).toContain('<image href="data:image/jpeg;base64,');
    await expect(sharp(svg).metadata()).resolves.toMatchObject({ format: "svg" });
    const blank = await explain("2", "--svg", svg, "--svg-reward", "edge_hard_reward");
    expect([blank.code, blank.err]).toEqual([
      0,
      expect.stringMatching(/2\.png": no such file, .*; drawn on a blank ground\ndrawn: /),
    ]);
    expect(await readFile(svg, "utf8")).toMatch(/class="blank".*missed, by edge_hard_reward/s);
  });

  it("draws on an image that is named, and refuses one that is not there", async () => {
    const { folder, explain } = await twoFiles();
    const svg = join(folder, "x.svg");
    const image = await plainImage(folder, "a.png", [100, 100]);
    expect((await explain("--svg", svg, "--image", image)).code).toBe(0);
    expect(await readFile(svg, "utf8")).toContain("<image ");
    expect(await explain("--svg", svg, "--image", "/no.png")).toMatchObject({
      code: 3,
      out: "",
      err: expect.stringContaining('Cannot read "/no.png"'),
    });
  });

  it("reads a completion from stdin", async () => {
    const { targetFile } = await twoFiles();
    const { stdout } = await execa(
      process.execPath,
      [
        shipped("src/cli/main.ts"),
        "reward",
        "explain",
        "--target",
        targetFile,
        "--completion",
        "-",
        ...scale,
        "--json",
      ],
      { input: good },
    );
    expect(JSON.parse(stdout)).toMatchObject({ total: 10 });
  });

  it("refuses flags that do not name one completion", async () => {
    const { explain } = await twoFiles();
    const wanted = "expected --dataset, --predictions and --image-id, or --target and --completion";
    for (const flags of [
      ["--dataset", "x"],
      ["--image-id", "1"],
    ]) {
      expect(await explain(...flags)).toMatchObject({
        code: 2,
        err: expect.stringContaining(wanted),
      });
    }
    expect((await r1sgg("reward", "explain")).err).toContain(wanted);
  });

  it("refuses rewards, boxes and files that are none", async () => {
    const { folder, explain } = await twoFiles();
    expect(await explain("--svg", join(folder, "x"), "--svg-reward", "edges")).toMatchObject({
      code: 2,
      err: expect.stringContaining('Cannot draw by reward "edges"'),
    });
    await writeFile(join(folder, "no"), "");
    expect(await explain("--svg", join(folder, "no", "x.svg"))).toMatchObject({
      code: 2,
      err: expect.stringContaining("Cannot write"),
    });
    expect((await explain("--box-scale", "1,0")).code).toBe(2);
    expect(await explain("--completion", "/no.txt")).toMatchObject({
      code: 3,
      err: 'r1sgg: Cannot read "/no.txt": nothing there, expected a text file\n',
    });
  });

  it.each([
    ["{", "file: broken JSON"],
    [{ ...scene, height: 0 }, 'file (image_id "1"), height: 0, expected a positive number'],
    [
      { ...scene, relationships: undefined },
      "file, relationships: nothing, expected a list of relationships",
    ],
  ])("refuses a target that is none: %j", async (target, text) => {
    const { code, err } = await (await twoFiles(good, target)).explain();
    expect([code, err]).toEqual([3, expect.stringContaining(text)]);
  });

  it("tells that an image has no row or no prediction, and what is wrong with its row", async () => {
    const { path, explain } = await dataset();
    expect(await explain("9")).toMatchObject({
      code: 3,
      err: `r1sgg: Cannot find image "9" in "${path}": not among its 3 rows, expected an image_id of theirs\n`,
    });
    expect(await explain("3")).toMatchObject({
      code: 3,
      err: expect.stringMatching(
        /Cannot find image "3" in ".*predictions\.jsonl": no answer to it/,
      ),
    });
    const stray = { ...scene, objects: [], image_id: "1" };
    await writeFile(path, `nope\n${JSON.stringify(stray)}\n`);
    expect(await explain("1")).toMatchObject({
      code: 3,
      err: expect.stringContaining(
        'line 2 (image_id "1"), relationships[0].subject: unknown id "man.1"',
      ),
    });
  });
});
