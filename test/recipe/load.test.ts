import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { loadRecipe } from "../../src/recipe/load.ts";
import { recipeSchema } from "../../src/recipe/recipe.ts";
import { folderWith, sftYaml } from "./folder.ts";

const load = (path: string, set: readonly string[] = [], environment = {}) =>
  loadRecipe(path, recipeSchema, { set, environment });

/** The message of the error, with the folder's name taken out. */
const faultOf = async (folder: string, promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => "no fault",
    (error: Error) => error.message.replaceAll(folder, "."),
  );

it("gives a recipe with the defaults of what it leaves out", async () => {
  const folder = folderWith({ "a.yaml": sftYaml });
  const recipe = await load(join(folder, "a.yaml"));
  expect(recipe).toMatchObject({
    stage: "sft",
    seed: 42,
    resources: { gpus: 1 },
    sft: { epochs: 3, learning_rate: 1e-5, parallel: "ddp", loss_on: "answer" },
  });
});

it("reads its own output again without a change", async () => {
  const folder = folderWith({ "a.yaml": sftYaml });
  const recipe = await load(join(folder, "a.yaml"));
  writeFileSync(join(folder, "b.yaml"), JSON.stringify(recipe));
  expect(await load(join(folder, "b.yaml"))).toEqual(recipe);
});

it("merges what it extends key by key, later files over earlier, null removes", async () => {
  const folder = folderWith({
    "base.yaml": `${sftYaml}  lora: { rank: 4, alpha: 8, targets: [a, b, c] }\n`,
    "parts/more.yaml": "seed: 7\nsft: { warmup_ratio: 0.05, learning_rate: 2e-5 }\n",
    "a.yaml":
      "extends: [base.yaml, parts/more.yaml]\nname: a\nsft:\n  learning_rate: 3e-5\n  lora: { alpha: null, targets: [d] }\n",
    "b.yaml": "extends: a.yaml\nsft: { lora: null }\n",
  });
  const a = await load(join(folder, "a.yaml"));
  expect(a).toMatchObject({
    name: "a",
    seed: 7,
    sft: {
      batch_size: 128,
      warmup_ratio: 0.05,
      learning_rate: 3e-5,
      lora: { rank: 4, alpha: 32, targets: ["d"] },
    },
  });
  expect(await load(join(folder, "b.yaml"))).not.toHaveProperty("sft.lora");
});

it("lets another source replace the one below whole, and steps stand for epochs", async () => {
  const folder = folderWith({
    "base.yaml": sftYaml,
    "a.yaml": "extends: base.yaml\nmodel: { id: other/model }\nsft: { steps: 9 }\n",
    "b.yaml": "extends: base.yaml\nmodel: { id: Qwen/Qwen2-VL-2B-Instruct, family: qwen2-vl }\n",
  });
  const a = await load(join(folder, "a.yaml"));
  expect(a).toMatchObject({ model: { id: "other/model" }, sft: { steps: 9 } });
  expect(a).not.toHaveProperty("model.revision");
  expect(a).not.toHaveProperty("sft.epochs");
  const b = await load(join(folder, "b.yaml"));
  expect(b).toHaveProperty("model.revision", "a".repeat(40));
});

it("refuses a circle of extends with its chain", async () => {
  const folder = folderWith({
    "a.yaml": "extends: b.yaml\n",
    "b.yaml": "extends: c.yaml\n",
    "c.yaml": "extends: [b.yaml]\n",
  });
  expect(await faultOf(folder, load(join(folder, "a.yaml")))).toBe(
    'Cannot use recipe "./a.yaml": it extends itself: ./a.yaml → ./b.yaml → ./c.yaml → ./b.yaml, expected an end',
  );
});

it("names who extends a file that is missing", async () => {
  const folder = folderWith({ "a.yaml": "extends: ../none/b.yaml\n" });
  expect(await faultOf(folder, load(join(folder, "a.yaml")))).toMatch(
    /^Cannot read recipe ".*none\/b.yaml", which ".\/a.yaml" extends: no such file, expected/,
  );
});

it("lists all faults at once, each with file, line and path, in whichever file it stands", async () => {
  const folder = folderWith({
    "base.yaml": sftYaml.replace("  epochs: 3\n", "  epochs: three\n"),
    "a.yaml": [
      "extends: base.yaml",
      "seed: -1",
      "sft:",
      "  learnin_rate: 1e-6",
      "  parallel: zero",
      "  zzzzzz: 1",
      "data:",
      "  train: { id: x, path: y }",
      "image: { min_pixels: 9, max_pixels: 8 }",
      "",
    ].join("\n"),
  });
  const message = await faultOf(folder, load(join(folder, "a.yaml"), ["resources.gpus=many"]));
  const [head, ...lines] = message.split("\n  ");
  expect(head).toBe('Cannot use recipe "./a.yaml": 8 faults');
  expect(lines.map((line) => line.replace(/one of steps, epochs.*/, "one of …")).sort()).toEqual([
    '--set resources.gpus=many: resources.gpus: found "many", expected number',
    "./a.yaml:2: seed: found -1, expected >=0",
    './a.yaml:4: sft.learnin_rate: unknown, expected "learning_rate"',
    './a.yaml:5: sft.parallel: found "zero", expected "zero2" or another of none, ddp, fsdp, zero2, zero2-offload, zero3',
    "./a.yaml:6: sft.zzzzzz: unknown, expected one of …",
    './a.yaml:8: data.train: found {"id":"x","path":"y"}, expected an object with one of id, path, synth',
    './a.yaml:9: image: found {"min_pixels":9,"max_pixels":8}, expected min_pixels of at most max_pixels',
    './base.yaml:9: sft.epochs: found "three", expected number',
  ]);
});

it("tells missing parts at the place that should have them", async () => {
  const folder = folderWith({ "a.yaml": "name: a\nstage: eval\n" });
  const message = await faultOf(folder, load(join(folder, "a.yaml")));
  expect(message).toContain("./a.yaml:1: data: missing, expected object");
  expect(message).toContain("./a.yaml:1: predictions: missing, expected an object with one of");
});

it.each([
  ["a: b: c", "a.yaml:1:"],
  ["seed: 1\nseed: 2", "a.yaml:2:"],
  ["x: &a 1\ny: *a", 'a.yaml:2: found the alias "*a", expected its value'],
  ["[1, 2]: 3", "a.yaml:1: expected a plain key"],
  ["- a", "a.yaml:1: expected keys and values"],
  ["extends: 4", "a.yaml:1: extends: expected a path, or a list of paths"],
])("refuses %j with its line", async (text, message) => {
  const folder = folderWith({ "a.yaml": text });
  expect(await faultOf(folder, load(join(folder, "a.yaml")))).toContain(message);
});
