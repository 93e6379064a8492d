import { join } from "node:path";
import { expect, it } from "vitest";
import { loadRun } from "../../src/recipe/load-run.ts";
import { folderWith, sftYaml } from "./folder.ts";

const inferYaml = `name: ask
stage: infer
model: { from: ../train/sft.yaml }
prompt: { user: ./my.md, system: system-short }
image: { max_pixels: 802816 }
data: { eval: { path: rows.jsonl }, classes: vg150 }
`;
const evalYaml = `name: judge
stage: eval
predictions: { from: ask/infer.yaml }
data: { eval: { path: rows.jsonl }, classes: mine.json }
`;
const chain = {
  "train/sft.yaml": sftYaml,
  "ask/infer.yaml": inferYaml,
  "eval.yaml": evalYaml,
};

it("reads the recipes below, each path from the file it stands in", async () => {
  const folder = folderWith(chain);
  const run = await loadRun(join(folder, "eval.yaml"), { set: ["data.eval.path=here.jsonl"] });
  expect(run.recipe).toMatchObject({
    predictions: { from: join(folder, "ask/infer.yaml") },
    data: { eval: { path: join(process.cwd(), "here.jsonl") }, classes: join(folder, "mine.json") },
  });
  expect(run.upstream?.recipe).toMatchObject({
    model: { from: join(folder, "train/sft.yaml") },
    prompt: { user: join(folder, "ask/my.md"), system: "system-short" },
    data: { eval: { path: join(folder, "ask/rows.jsonl") }, classes: "vg150" },
  });
  expect(run.upstream?.upstream?.recipe.name).toBe("small");
  expect(run.upstream?.upstream?.upstream).toBeNull();
});

it("resolves a path against the extended file that it stands in", async () => {
  const folder = folderWith({ ...chain, "deep/x.yaml": "extends: ../ask/infer.yaml\nname: x\n" });
  const run = await loadRun(join(folder, "deep/x.yaml"));
  expect(run.recipe).toMatchObject({ data: { eval: { path: join(folder, "ask/rows.jsonl") } } });
});

it("refuses recipes that start from each other, with the chain", async () => {
  const folder = folderWith({
    "a.yaml": `${sftYaml}`.replace(/model: .*/, "model: { from: b.yaml }"),
    "b.yaml": `${sftYaml}`.replace(/model: .*/, "model: { from: a.yaml }"),
  });
  await expect(loadRun(join(folder, "a.yaml"))).rejects.toThrow(
    /b\.yaml:3: model\.from: starts from itself: .*a\.yaml → .*b\.yaml → .*a\.yaml, expected an end/,
  );
});

it("refuses a model from a stage that makes none", async () => {
  const folder = folderWith({ ...chain, "b.yaml": inferYaml.replace("../train/sft", "ask/infer") });
  await expect(loadRun(join(folder, "b.yaml"))).rejects.toThrow(
    /b\.yaml:3: model\.from: a recipe of stage infer, expected sft or grpo/,
  );
});
