import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { settings } from "../../src/core/vqa/setting.ts";
import { planRun } from "../../src/plan/plan-run.ts";
import { loadRun } from "../../src/recipe/load-run.ts";
import { shipped } from "../../src/root.ts";
import { requires } from "../helpers/requires.ts";
import { a100 } from "../plan/machines.ts";
import { type Recorded, r1sgg, readJson, readLines, survivors } from "./smoke-process.ts";

const minute = 60_000;
const paper = shipped("recipes/paper/vqa/instructblip-7b.yaml");
const read = `
import sys
from r1sgg_worker.__main__ import build_parser
from r1sgg_worker.config_file import load_config
from r1sgg_worker.model_configs import VqaBatchConfig
chosen = build_parser().parse_args(sys.argv[1:])
print(chosen.command, load_config(chosen.config, VqaBatchConfig).model_dump_json())
`;

/** InstructBLIP, which no vLLM serves: the worker asks it, here one of random weights. */
requires("python").describe("the paper's recipe of InstructBLIP", () => {
  let folder: string;
  const python = (...args: readonly string[]) => {
    const { python, env } = inject("pythonEnv")!;
    return execa(python, args, { cwd: folder, env });
  };
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "r1sgg vqa "));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("plans what the worker's own parser takes, to the last word", async () => {
    const run = await loadRun(paper);
    const plan = planRun({ run, machine: a100, backend: "slurm" });
    const [interpreter, module, name, ...words] = plan.roles[0]!.command as readonly string[];
    expect([interpreter, module, name]).toEqual(["python", "-m", "r1sgg_worker"]);
    const config = plan.files[words[1]!]!;
    writeFileSync(join(folder, "vqa.json"), config);
    const { stdout } = await python("-c", read, words[0]!, "vqa.json");
    expect(stdout.startsWith("vqa-batch {")).toBe(true);
    expect(JSON.parse(stdout.slice("vqa-batch ".length))).toMatchObject(JSON.parse(config));
    expect(JSON.parse(config)).toMatchObject({
      device: "cuda",
      dtype: "bfloat16",
      max_tokens: 128,
    });
  });

  it(
    "runs on this machine with a model of random weights, and scores the nine settings",
    async () => {
      const builder = shipped("containers/worker/tests/tiny_instructblip.py");
      await python(builder, join(folder, "model"));
      const recipe = join(folder, "tiny.yaml");
      const lines = [
        `extends: ${JSON.stringify(paper)}`,
        "model: { path: model, family: instructblip }",
        "data: { eval: { synth: { count: 2, seed: 3 } } }",
        "infer: { max_tokens: 8 }",
      ];
      writeFileSync(recipe, `${lines.join("\n")}\n`);
      const ended = await r1sgg("launch", recipe, "--runs", join(folder, "runs"), "--gpus", "0");
      expect(ended.exitCode, ended.all).toBe(0);
      const run = join(folder, "runs", ended.stdout.trim());
      const { state, token } = readJson<Recorded>(run, "record.json");
      expect([state, survivors(token)]).toEqual(["done", []]);
      const scored = readJson<{ settings: readonly { setting: string; questions: number }[] }>(
        ...[run, "metrics.json"],
      );
      const asked = readLines(run, "inputs", "questions", "questions.jsonl").length;
      expect(scored.settings.map(({ setting, questions }) => [setting, questions])).toEqual(
        settings.map(({ name }) => [name, asked]),
      );
      expect(readFileSync(join(run, "progress", "vqa.jsonl"), "utf8")).toContain(
        `"step": ${9 * asked}, "of": ${9 * asked}`,
      );
    },
    10 * minute,
  );
});
