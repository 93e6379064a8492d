import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { loadDataset } from "../../src/data/load.ts";
import { synthesize } from "../../src/data/synthesize.ts";
import { r1sgg } from "./r1sgg.ts";
import { writeRun } from "./run-folders.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "r1sgg-gallery-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
});

const synth = { count: 4, seed: 3 };
const recipes = ["eval-baseline-7b-closed-on-vg150", "eval-sft-7b-vg150-closed-on-vg150"];

/** Two evaluations of the same drawn scenes: one that answers nothing, and one that knows the truth. */
async function evaluated(): Promise<readonly string[]> {
  const scenes = join(folder, "scenes");
  await synthesize({ ...synth, out: scenes });
  const rows = await loadDataset(scenes);
  return Promise.all(
    recipes.map((name, i) =>
      writeRun(join(folder, "runs"), {
        ...{ name, stage: "eval", metrics: { compat: "release", ap50: i } },
        inputs: { "inputs/rows": { kind: "rows", from: { synth } } },
        files: {
          "inputs/rows/rows.jsonl": rows,
          "inputs/predictions.jsonl": rows.map(({ image_id, width, height, ...graph }) => ({
            ...{ image_id, box_scale: [width, height] },
            response: i === 0 ? "I see nothing." : JSON.stringify(graph),
          })),
        },
      }),
    ),
  );
}

async function pageOf(...args: string[]): Promise<string> {
  const out = join(folder, "out");
  const { code, err } = await r1sgg(
    ...["report", "table3", "--runs", join(folder, "runs"), "--out", out, ...args],
  );
  expect(code, err).toBe(0);
  return readFile(join(out, "index.html"), "utf8");
}

const count = (text: string, part: string) => text.split(part).length - 1;

describe("the images of r1sgg report", () => {
  it("stand in the page with the answers of every model, under the names of their rows", async () => {
    await evaluated();
    const page = await pageOf();
    expect(page).toContain("Images: 4 drawn scenes, seed 3");
    expect(page).toContain("All 4 images are here.");
    expect(count(page, "<strong>baseline, with classes in the prompt</strong>")).toBe(4);
    expect(count(page, "<strong>SFT, VG150, with classes in the prompt</strong>")).toBe(4);
    expect(count(page, "failed: no graph")).toBe(4);
    expect(count(page, "○ 0 missing")).toBe(4);
    expect(count(page, "data:image/jpeg;base64,")).toBe(4);
  });

  it("are as many as asked for, said how, and none for 0", async () => {
    await evaluated();
    const page = await pageOf("--images", "2", "--seed", "7");
    expect(count(page, "<article")).toBe(2);
    expect(page).toContain("2 of 4 images are here");
    expect(page).toContain("(seed 7)");
    expect(await pageOf("--images", "0")).not.toContain("<article");
  });

  it("are drawn without their pictures where these are gone", async () => {
    await evaluated();
    await rm(join(folder, "scenes"), { recursive: true });
    const page = await pageOf();
    expect(count(page, "<article")).toBe(4);
    expect(page).toMatch(/no picture: \S+\.png cannot be read here/);
    expect(page).not.toContain("data:image/jpeg");
  });

  it("leave out a run whose answers are gone, and say so", async () => {
    const [first, second] = await evaluated();
    await rm(join(first!, "inputs/predictions.jsonl"));
    const page = await pageOf();
    expect(page).toContain("The answers of eval-baseline-7b-closed-on-vg150-00000000 are not here");
    expect(page).not.toContain("<strong>baseline, with classes in the prompt</strong>");
    await writeFile(join(second!, "inputs/predictions.jsonl"), "{");
    const broken = await pageOf();
    expect(broken).toContain("No images can be shown: Cannot load");
    expect(broken).not.toContain("<article");
  });
});
