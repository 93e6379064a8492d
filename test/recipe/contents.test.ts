import { mkdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { recipeHash } from "../../src/plan/recipe-hash.ts";
import { atCheckpoint, withSeed } from "../../src/plan/study/variants.ts";
import { loadRun } from "../../src/recipe/load-run.ts";
import { folderWith, sftYaml } from "./folder.ts";

const inferYaml = `name: ask
stage: infer
model: { from: sft.yaml }
prompt: { user: ./my.md, system: ./system.txt }
image: { max_pixels: 802816 }
data: { eval: { path: rows.jsonl }, classes: mine.json }
`;
const evalYaml = `name: judge
stage: eval
predictions: { path: predictions.jsonl }
data: { eval: { path: rows }, train: { path: train.parquet }, classes: mine.json }
`;
const files = {
  "sft.yaml": sftYaml,
  "ask.yaml": inferYaml,
  "judge.yaml": evalYaml,
  ...{ "my.md": "ask", "system.txt": "be brief", "mine.json": "{}", "rows.jsonl": "a\n" },
  ...{ "predictions.jsonl": "p\n", "rows/data/x.jsonl": "a\n", "train.parquet": "PAR1" },
};

it.each([
  ["ask.yaml", "my.md"],
  ["ask.yaml", "system.txt"],
  ["ask.yaml", "mine.json"],
  ["ask.yaml", "rows.jsonl"],
  ["judge.yaml", "predictions.jsonl"],
  ["judge.yaml", "rows/data/x.jsonl"],
  ["judge.yaml", "train.parquet"],
])(
  "of %s another content of %s is another run, and the same again the same",
  async (recipe, file) => {
    const folder = folderWith(files);
    const hash = async () => recipeHash(await loadRun(join(folder, recipe)));
    const before = await hash();
    writeFileSync(join(folder, file), "other");
    const other = await hash();
    expect(other).not.toBe(before);
    writeFileSync(join(folder, file), files[file as keyof typeof files]);
    utimesSync(join(folder, file), 1, 1);
    expect(await hash()).toBe(before);
  },
);

it("counts the contents of what a run starts from", async () => {
  const sft = sftYaml.replace("user: open", "user: ./my.md");
  const folder = folderWith({
    ...files,
    "sft.yaml": sft,
    "ask.yaml": inferYaml.replaceAll("./my.md", "open"),
  });
  const hash = async () => recipeHash(await loadRun(join(folder, "ask.yaml")));
  const before = await hash();
  writeFileSync(join(folder, "my.md"), "other");
  expect(await hash()).not.toBe(before);
});

it("keeps them in another seed and at a checkpoint", async () => {
  const folder = folderWith(files);
  const hashes = async () => {
    const run = await loadRun(join(folder, "ask.yaml"));
    return [withSeed(run, 7), atCheckpoint(run, 100)].map(recipeHash);
  };
  const before = await hashes();
  writeFileSync(join(folder, "my.md"), "other");
  const after = await hashes();
  for (const [i, hash] of before.entries()) expect(after[i]).not.toBe(hash);
});

it("leaves out what is not there, and adds nothing to a recipe of names", async () => {
  const folder = folderWith(files);
  rmSync(join(folder, "rows.jsonl"));
  const { contents } = await loadRun(join(folder, "ask.yaml"));
  expect(Object.keys(contents!)).toEqual(["prompt.user", "prompt.system", "data.classes"]);
  mkdirSync(join(folder, "rows.jsonl"));
  expect(Object.keys((await loadRun(join(folder, "ask.yaml"))).contents!)).toContain("data.eval");
  const run = await loadRun(join(folder, "sft.yaml"));
  expect(run.contents).toEqual({});
  expect(recipeHash(run)).toBe(recipeHash({ recipe: run.recipe, upstream: null }));
});
