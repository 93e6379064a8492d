import { expect, it } from "vitest";
import { explainPlan } from "../../src/plan/explain/explain.ts";
import { planRun } from "../../src/plan/plan-run.ts";
import { loadRun } from "../../src/recipe/load-run.ts";
import { a100, desk, gh200, laptop } from "./machines.ts";

const server = "sampler.mode=server";
const fitting = [server, "grpo.per_device_batch_size=4"];

it.each([
  ["sft/2b-vg150-open", a100, 4, []],
  ["sft/7b-psg-closed", gh200, 4, []],
  ["r1-sgg/2b-vg150-open", a100, 16, []],
  ["r1-sgg/2b-vg150-open", a100, 4, []],
  ["r1-sgg/2b-vg150-open", a100, 4, [server]],
  ["r1-sgg/7b-vg150-closed", gh200, 16, []],
  ["r1-sgg/7b-vg150-closed", gh200, 16, fitting],
  ["r1-sgg/7b-vg150-closed", gh200, 16, [...fitting, "sampler.tensor_parallel=2"]],
  ["ablations/group-16-2b-vg150-open", a100, 8, []],
  ["infer/r1-sgg-7b-vg150-closed-on-vg150", a100, 4, []],
  ["infer/baseline-2b-open-on-vg150", desk, 1, []],
  ["eval/r1-sgg-7b-vg150-closed-on-vg150", laptop, 0, []],
  ["vqa/instructblip-7b", a100, 1, []],
] as const)("draws the plan of %s on %o", async (name, machine, gpus, set) => {
  const run = await loadRun(`recipes/paper/${name}.yaml`, { set });
  const plan = planRun({ run, machine, backend: machine.nodes === 1 ? "local" : "slurm", gpus });
  const changed = set.length === 0 ? "" : `-${set.join("-").replaceAll(/[^\w=.-]/g, "")}`;
  const file = `golden/${name.replace("/", "-")}-${machine.name}-${gpus}${changed}`;
  await expect(explainPlan(plan, 80)).toMatchFileSnapshot(`${file}.txt`);
  for (const line of explainPlan(plan, 80).split("\n")) expect(line.length).toBeLessThanOrEqual(80);
});

it("draws letters for names where names have no room", async () => {
  const run = await loadRun("recipes/paper/r1-sgg/2b-vg150-open.yaml", { set: [server] });
  const machine = { ...a100, gpusPerNode: 8 };
  const text = explainPlan(planRun({ run, machine, backend: "slurm", gpus: 16 }), 80);
  expect(text).toContain("node 0 │   T   │");
  expect(text).toContain("node 1 │  S0   │");
  expect(text).toContain("T trainer, S sampler\n");
  for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
});

it.each([
  ["sft/2b-vg150-open", a100, 4, []],
  ["r1-sgg/2b-vg150-open", a100, 4, [server, "sampler.sync=nccl"]],
  ["r1-sgg/7b-vg150-closed", gh200, 16, []],
  ["infer/r1-sgg-7b-vg150-closed-on-vg150", a100, 4, []],
  ["eval/r1-sgg-7b-vg150-closed-on-vg150", laptop, 0, []],
] as const)("settles the plan of %s on %o to the last word", async (name, machine, gpus, set) => {
  const run = await loadRun(`recipes/paper/${name}.yaml`, { set });
  const plan = planRun({ run, machine, backend: machine.nodes === 1 ? "local" : "slurm", gpus });
  const file = `golden/${name.replace("/", "-")}-${machine.name}-${gpus}.json`;
  await expect(`${JSON.stringify(plan, null, 2)}\n`).toMatchFileSnapshot(file);
});
