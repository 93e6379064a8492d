import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { SmokeMetrics } from "../../src/launch/smoke-metrics.ts";
import { requires } from "../helpers/requires.ts";
import { r1sgg, readJson } from "./smoke-process.ts";

/** A photograph-like JPEG: noise blurred into soft colours. */
const photo = (width: number, height: number) =>
  sharp({
    create: {
      width,
      height,
      channels: 3,
      background: "#667",
      noise: { type: "gaussian", mean: 128, sigma: 60 },
    },
  })
    .blur(6)
    .jpeg()
    .toBuffer();

let folder: string;
let rows: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "r1sgg-own-"));
  await mkdir(join(folder, "photos"));
  rows = join(folder, "mine.jsonl");
  const sizes = [
    [640, 480],
    [333, 500],
    [800, 600],
  ] as const;
  const lines = [];
  for (const [i, [width, height]] of sizes.entries()) {
    await writeFile(join(folder, "photos", `${i}.jpg`), await photo(width, height));
    const objects = [
      { id: "person.1", bbox: [10, 20, 200, 300] },
      { id: "jack-o’-lantern.2", bbox: [150, 250, 320, 460] },
    ];
    const relationships = [
      { subject: "person.1", predicate: "looking at", object: "jack-o’-lantern.2" },
    ];
    // The Hugging Face layout keeps both lists as JSON strings; the last row has them as they are.
    const asText = i < 2 ? JSON.stringify : (value: unknown) => value;
    lines.push({
      image_id: `photo <${i}>`,
      image_path: `photos/${i}.jpg`,
      width,
      height,
      objects: asText(objects),
      relationships: asText(relationships),
    });
  }
  await writeFile(rows, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

requires("python").it(
  "trains and reports on a user's own photographs",
  async () => {
    const out = join(folder, "run");
    const run = await r1sgg(
      "smoke",
      "--device",
      "cpu",
      "--data",
      rows,
      "--out",
      out,
      "--steps-sft",
      "2",
      "--steps-grpo",
      "1",
    );
    expect(run.exitCode, run.all).toBe(0);
    const { data, rows: table } = readJson<SmokeMetrics>(out, "metrics.json");
    expect(data).toEqual({ train: 3, validation: 3, held_out: false });
    expect(table.map(({ images }) => images)).toEqual([3, 3, 3]);
    const page = await readFile(join(out, "report", "index.html"), "utf8");
    expect(page).toContain("photo &lt;2&gt;");
    expect(page.match(/data:image\/jpeg/g)!.length).toBeGreaterThanOrEqual(3);
  },
  600_000,
);

const cannot = async (...args: readonly string[]) => {
  const out = join(folder, "refused");
  const { exitCode, stderr } = await r1sgg("smoke", "--device", "cpu", "--out", out, ...args);
  return { exitCode, stderr };
};

it("refuses a wrong model before anything is started", async () => {
  const missing = await cannot("--model", join(folder, "no-such-model"));
  expect(missing.exitCode).toBe(3);
  expect(missing.stderr).toMatch(/Cannot use model ".*no-such-model": nothing there/);
  await mkdir(join(folder, "llama"));
  await writeFile(join(folder, "llama", "config.json"), '{"model_type":"llama"}');
  const other = await cannot("--model", join(folder, "llama"));
  expect(other.stderr).toContain(
    'model_type "llama" in config.json, expected qwen2_vl or qwen2_5_vl',
  );
});

it.each([
  ["a missing image", { image_path: "photos/none.jpg" }, "photos/none.jpg"],
  ["a box outside the image", { objects: [{ id: "person.1", bbox: [0, 0, 9000, 10] }] }, "9000"],
  [
    "a relation to an unknown id",
    { relationships: [{ subject: "person.1", predicate: "on", object: "moon.1" }] },
    "moon.1",
  ],
])("refuses %s in one error that names it", async (_, change, named) => {
  const [line] = (await readFile(rows, "utf8")).split("\n");
  const bad = join(folder, "bad.jsonl");
  await writeFile(bad, `${JSON.stringify({ ...JSON.parse(line!), ...change })}\n`);
  const { exitCode, stderr } = await cannot("--data", bad);
  expect(exitCode).toBe(3);
  expect(stderr).toContain(named);
  expect(stderr.match(/Cannot/g)).toHaveLength(1);
});

it("refuses a broken line with its number", async () => {
  const bad = join(folder, "broken.jsonl");
  await writeFile(bad, `${(await readFile(rows, "utf8")).trim()}\n{"image_id": \n`);
  const { exitCode, stderr } = await cannot("--data", bad);
  expect(exitCode).toBe(3);
  expect(stderr).toContain("line 4");
});

it("refuses a folder that holds something else", async () => {
  const { exitCode, stderr } = await r1sgg("smoke", "--device", "cpu", "--out", folder);
  expect(exitCode).toBe(2);
  expect(stderr).toContain("expected an empty or new folder");
});
