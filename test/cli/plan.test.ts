import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { RunPlan } from "../../src/plan/run-plan.ts";
import { r1sgg } from "./r1sgg.ts";

const recipe = "recipes/paper/r1-sgg/2b-vg150-open.yaml";
const cluster = ["--cluster", "slurm/generic-a100.yaml"];
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "r1sgg-plan-"));
  vi.stubEnv("SCRATCH", "/scratch");
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

it("prints a plan as JSON and nothing else", async () => {
  const { code, out, err } = await r1sgg("plan", recipe, ...cluster);
  expect([code, err]).toEqual([0, ""]);
  const plan = JSON.parse(out) as RunPlan;
  expect(plan).toMatchObject({ backend: "slurm", topology: { nodes: 4, gpusPerNode: 4 } });
  expect((await r1sgg("plan", recipe, ...cluster)).out).toBe(out);
});

it("draws it for people, with another number of GPUs and another value", async () => {
  const set = ["--set", "sampler.mode=server", "--set", "grpo.epochs=2"];
  const { out } = await r1sgg("plan", recipe, ...cluster, "--gpus", "4", ...set, "--explain");
  expect(out).toContain("│  trainer  │  trainer  │ sampler-0 │ sampler-1 │ reward");
  expect(out).toContain("3,514 over 56,224 rows");
});

it.each([
  [
    [recipe, ...cluster, "--set", "grpo.epoch=2"],
    /--set grpo\.epoch=2: grpo\.epoch: unknown, expected "epochs"/,
  ],
  [[recipe, ...cluster, "--set", "nothing"], /Cannot set "nothing": no key/],
  [
    [recipe, ...cluster, "--gpus", "6"],
    /Cannot plan "r1-sgg-2b-vg150-open": resources\.gpus: 6 GPUs on nodes of 4, expected 4 or 8/,
  ],
  [[recipe, "--on", "slurm"], /no --cluster, expected a cluster's profile/],
  [
    [recipe, ...cluster, "--on", "local"],
    /Cannot plan for local with --cluster, expected --on slurm/,
  ],
  [["none.yaml"], /Cannot read recipe ".*none\.yaml": no such file/],
])("refuses %j with exit code 2 and one sentence", async (args, message) => {
  const { code, out, err } = await r1sgg("plan", ...args);
  expect([code, out]).toEqual([2, ""]);
  expect(err).toMatch(message);
});

const asked = "recipes/paper/infer/r1-sgg-2b-vg150-open-on-vg150.yaml";

it("plans a run for each of some kept models, and renders them as a job array", async () => {
  const steps = ["--checkpoints", "500,1000,last", "--gpus", "4"];
  const plans = JSON.parse((await r1sgg("plan", asked, ...cluster, ...steps)).out) as RunPlan[];
  expect(plans.map(({ inputs }) => inputs["inputs/model"])).toMatchObject([
    { file: "checkpoints/model-500" },
    { file: "checkpoints/model-1000" },
    { file: "checkpoints/final" },
  ]);
  const out = join(folder, "job");
  await r1sgg("render", asked, ...cluster, ...steps, "--out", out);
  const ids = plans.map(({ id }) => id);
  expect(readdirSync(out).toSorted()).toEqual(["array.sbatch", ...ids].toSorted());
  expect(existsSync(join(out, ids[0]!, "artifacts/job.sbatch"))).toBe(true);
});

it.each([
  [["plan", asked, "--checkpoints", "0"], /Expected steps and perhaps last, each once/],
  [["plan", asked, "--checkpoints", "1,1"], /Expected steps and perhaps last, each once/],
  [["plan", recipe, "--checkpoints", "100"], /Cannot plan checkpoints of "r1-sgg-2b-vg150-open"/],
  [
    ["plan", "recipes/studies/figure5.yaml", "--checkpoints", "100"],
    /Cannot plan the study ".*" with --checkpoints/,
  ],
  [
    ["launch", asked, "--on", "local", "--gpus", "0", "--checkpoints", "100", "--detach"],
    /Cannot launch ".*" for several checkpoints with --detach, expected it to stay/,
  ],
])("refuses %j", async (args, message) => {
  const { code, err } = await r1sgg(...args);
  expect(code).toBe(2);
  expect(err).toMatch(message);
});

it("renders a Slurm job into a new folder, and refuses one that has something", async () => {
  const out = join(folder, "job");
  const first = await r1sgg("render", recipe, ...cluster, "--out", out);
  expect([first.code, first.out]).toEqual([0, `${out}\n`]);
  expect(readFileSync(join(out, "artifacts/job.sbatch"), "utf8")).toMatch(
    /^#!\/bin\/bash\n#SBATCH/,
  );
  expect(readdirSync(out).toSorted()).toEqual(["artifacts", "plan.json", "recipe.yaml"]);
  const second = await r1sgg("render", recipe, ...cluster, "--out", out);
  expect(second.code).not.toBe(0);
});

it("renders each role's command for a run on this machine", async () => {
  const out = join(folder, "here");
  const smoke = "recipes/smoke/grpo.yaml";
  expect(await r1sgg("render", smoke, "--gpus", "0", "--out", out)).toMatchObject({ code: 0 });
  const roles = readdirSync(join(out, "artifacts/roles")).toSorted();
  expect(roles).toEqual(["reward.json", "sampler-0.json", "trainer.json"]);
  const { command } = JSON.parse(readFileSync(join(out, "artifacts/roles/trainer.json"), "utf8"));
  expect(command).toEqual(["python", "-m", "r1sgg_worker", "grpo", "artifacts/trainer.json"]);
  expect(existsSync(join(out, "artifacts/trainer.json"))).toBe(true);
});

it("draws all that a study needs, or gives it as JSON", async () => {
  const study = "recipes/studies/table4.yaml";
  const drawn = await r1sgg("plan", study, ...cluster, "--explain");
  expect(drawn.out).toContain("└─ ablation-soft-7b-vg150-closed");
  expect(drawn.out).toContain("10 runs, 808 GPU hours in 4 of them");
  const told = JSON.parse((await r1sgg("plan", study, ...cluster)).out);
  expect(told).toHaveLength(10);
  expect(told[1]).toMatchObject({
    ...{ recipe: "r1-sgg-7b-vg150-closed", stage: "grpo", gpus: 16, after: told[0].recipeHash },
  });
});

it("does not let values of a study's recipes be set", async () => {
  const study = "recipes/studies/table4.yaml";
  const { code, err } = await r1sgg("plan", study, ...cluster, "--set", "grpo.beta=1");
  expect(code).toBe(2);
  expect(err).toContain("with --set, expected its recipes as they stand");
});
