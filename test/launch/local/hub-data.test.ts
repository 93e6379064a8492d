import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { expect, it } from "vitest";
import { answerOf } from "../../../src/data/answer.ts";
import { loadDataset } from "../../../src/data/load.ts";
import { createParquet } from "../../../src/data/parquet/write.ts";
import { synthesize } from "../../../src/data/synthesize.ts";
import { cliFile } from "../../../src/root.ts";
import { standInHub } from "../../data/hub/stand-in-hub.ts";
import { temporaryFolder } from "../../data/rows-file.ts";
import { readJson, readLines } from "../../e2e/smoke-process.ts";

const commit = "0123456789abcdef0123456789abcdef01234567";

/** Three scenes as a dataset of the Hub, its answers, and a recipe that pins it. */
async function set() {
  const folder = await temporaryFolder();
  await synthesize({ count: 3, seed: 5, out: join(folder, "scenes") });
  const rows = await loadDataset(join(folder, "scenes"));
  const path = join(folder, "val.parquet");
  const parquet = await createParquet(path, [
    "image_id",
    "image",
    "objects",
    "relationships",
    "width",
    "height",
  ]);
  for (const { image_id, image_path, objects, relationships, width, height } of rows)
    await parquet.write({
      ...{ image_id, width, height, think: null, coco_id: null },
      image: { bytes: readFileSync(image_path!), path: null },
      ...{ objects: JSON.stringify(objects), relationships: JSON.stringify(relationships) },
      ...{ prompt_open: null, prompt_close: null },
    });
  await parquet.finish();
  await parquet.close();
  const answers = rows.map((row) =>
    JSON.stringify({ image_id: row.image_id, response: answerOf(row, "none") }),
  );
  writeFileSync(join(folder, "predictions.jsonl"), `${answers.join("\n")}\n`);
  const recipe = join(folder, "judge.yaml");
  writeFileSync(
    recipe,
    `name: judge
stage: eval
predictions: { path: predictions.jsonl }
data: { eval: { id: owner/name, revision: ${commit}, rows: 3 } }
eval: { compat: [strict], bootstrap: 0 }
`,
  );
  const files = { "README.md": Buffer.from("# Scenes\n"), "data/val.parquet": readFileSync(path) };
  const hub = await standInHub({ name: "owner/name", commit, files });
  const home = join(folder, "home");
  mkdirSync(home);
  const launch = (runs: string, env: Readonly<Record<string, string>> = {}) =>
    execa(process.execPath, [cliFile, "launch", recipe, "--runs", join(folder, runs)], {
      env: { HF_ENDPOINT: hub.url, HF_HOME: home, HF_TOKEN: "", ...env },
      reject: false,
      all: true,
    });
  const fetched = () => hub.asked.filter((line) => line.includes("/cdn/"));
  return { folder, hub, home, launch, fetched };
}

it("fetches a recipe's rows from the Hub at the pinned commit, once for all runs", async () => {
  const { folder, hub, launch, fetched } = await set();
  const first = await launch("a");
  expect(first.exitCode, first.all).toBe(0);
  const run = join(folder, "a", first.stdout.trim());
  expect(readJson(run, "metrics.json")).toMatchObject({ images: 3, recall: { "100": 100 } });
  expect(readLines(run, "inputs", "rows", "rows.jsonl")).toHaveLength(3);
  const resolved = hub.asked.filter((line) => line.includes("/resolve/"));
  expect(resolved.length).toBeGreaterThan(0);
  for (const line of resolved) expect(line).toContain(`/resolve/${commit}/data/val.parquet`);
  expect(hub.asked.filter((line) => line.includes(`/tree/${commit}`))).not.toEqual([]);
  expect(hub.asked.filter((line) => line.includes("/main"))).toEqual([]);
  const before = fetched().length;
  expect(before).toBeGreaterThan(0);
  const second = await launch("b");
  expect(second.exitCode, second.all).toBe(0);
  expect(fetched()).toHaveLength(before);
});

it("does with what is there when offline, and says in a sentence what is not", async () => {
  const { folder, hub, launch } = await set();
  const offline = { HF_HUB_OFFLINE: "1" };
  const without = await launch("a", offline);
  expect(without.exitCode).not.toBe(0);
  const said = without.stderr.split("\n").filter((line) => line.includes("Cannot"));
  expect(said).toHaveLength(1);
  expect(said[0]).toMatch(/owner\/name.*(offline|HF_HUB_OFFLINE)/);
  expect((await launch("a")).exitCode).toBe(0);
  await hub.stop();
  const again = await launch("b", offline);
  expect(again.exitCode, again.all).toBe(0);
  expect(readJson(folder, "b", again.stdout.trim(), "metrics.json")).toMatchObject({ images: 3 });
});

it("says in a sentence that the Hub has no such commit", async () => {
  const { folder, launch } = await set();
  const recipe = join(folder, "judge.yaml");
  writeFileSync(recipe, readFileSync(recipe, "utf8").replace(commit, "f".repeat(40)));
  const { exitCode, stderr } = await launch("a");
  expect(exitCode).not.toBe(0);
  expect(stderr.split("\n").filter((line) => line.includes("Cannot"))).toEqual([
    expect.stringMatching(/owner\/name.*f{40}|f{40}.*owner\/name/),
  ]);
});
