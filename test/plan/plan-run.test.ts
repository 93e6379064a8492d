import { expect, it } from "vitest";
import { trainerMemory } from "../../src/plan/memory.ts";
import { modelSize } from "../../src/plan/model-table.ts";
import { planRun } from "../../src/plan/plan-run.ts";
import type { Recipe } from "../../src/recipe/recipe.ts";
import { a100, desk, gh200, laptop } from "./machines.ts";
import { alone, grpo, infer, sft } from "./recipes.ts";

const plan = (recipe: Recipe, gpus: number, machine = a100) =>
  planRun({ run: alone(recipe), machine, backend: "slurm", gpus });
const seven = { model: { id: "Qwen/Qwen2-VL-7B-Instruct", revision: "b".repeat(40) } };
const stepTime = (seconds: number, gpus: number, rest = {}) => ({
  resources: { step_time: { seconds, gpus, source: "a stopwatch" }, ...rest },
});

it("gives the same plan for the same request, byte for byte, and no two hashes for it", () => {
  const [a, b] = [plan(grpo(), 16), plan(structuredClone(grpo()), 16)];
  expect(JSON.stringify(a)).toBe(JSON.stringify(b));
  expect(a.id).toBe(`rl-${a.hash.slice(0, 8)}`);
});

it("has another hash for another value, revision or topology, and not for another time or word", () => {
  const { hash, recipeHash } = plan(grpo(), 16);
  for (const other of [
    plan(grpo({ learning_rate: 3e-7 }), 16),
    plan(grpo({}, {}, seven), 16),
    plan(grpo({}, {}, { seed: 1 }), 16),
  ])
    expect([other.hash, other.recipeHash]).not.toEqual([hash, recipeHash]);
  expect(plan(grpo(), 8).hash).not.toBe(hash);
  expect(plan(grpo(), 8).recipeHash).toBe(recipeHash);
  const words = { description: "words", resources: { time_limit: "01:00:00" } };
  expect(plan(grpo({}, {}, words), 16).hash).toBe(hash);
});

it("counts hours, checkpoints and tokens from the stated step time", () => {
  const checkpoints = { every_steps: 100 };
  const recipe = grpo({ checkpoints }, { mode: "colocate" }, stepTime(33, 16));
  // 1,757 steps x 33 s = 57,981 s = 16.1 h, 257.7 GPU hours; 1,757 x 256 x (2,048 + 1,024) tokens
  expect(plan(recipe, 16, gh200)).toMatchObject({
    arithmetic: {
      trainers: 16,
      perStep: 256,
      group: 8,
      accumulation: 4,
      steps: 1757,
      rows: 56_224,
    },
    estimate: { stepSeconds: 33, source: "a stopwatch", checkpoints: 17, tokens: 1_381_761_024 },
    limits: { seconds: 43_200, requeues: 10 },
  });
  expect(plan(recipe, 16, gh200).estimate.hours).toBeCloseTo(57_981 / 3600, 9);
  const four = plan(recipe, 4, gh200).estimate;
  expect(four.stepSeconds).toBe(132);
  expect(four.source).toBe("a stopwatch; scaled from 16 to 4 GPUs, not measured");
  expect(four.gpuHours).toBeCloseTo(plan(recipe, 16, gh200).estimate.gpuHours!, 9);
});

it.each([
  // Qwen2-VL-2B: 2,208,985,600 parameters are 2.0573 GiB a byte
  ["none", 1, [4.1145, 4.1145, 8.229]],
  ["ddp", 4, [4.1145, 4.1145, 8.229]],
  ["fsdp", 4, [1.0286, 1.0286, 2.0573]],
  ["zero2", 4, [4.1145, 1.0286, 6.1718]],
  ["zero2-offload", 4, [4.1145, 1.0286, 0]],
  ["zero3", 4, [1.0286, 1.0286, 6.1718]],
])("knows what %s on %d holds", (parallel, trainers, [weights, gradients, optimiser]) => {
  const size = modelSize("Qwen/Qwen2-VL-2B-Instruct")!;
  const held = trainerMemory(sft({ parallel }), size, trainers, 80)!;
  expect(held.weights).toBeCloseTo(weights!, 3);
  expect(held.gradients).toBeCloseTo(gradients!, 3);
  expect(held.optimiser).toBeCloseTo(optimiser!, 3);
});

it("counts no gradient of what is frozen", () => {
  const size = modelSize("Qwen/Qwen2-VL-2B-Instruct")!;
  const held = (rest: object) => trainerMemory(sft({ parallel: "ddp", ...rest }), size, 1, 80)!;
  // the language model's 1,543,714,304 parameters at 2 bytes
  expect(held({ freeze_vision: true }).gradients).toBeCloseTo(2.8754, 3);
  expect(held({ lora: {} })).toMatchObject({ gradients: 0, optimiser: 0 });
});

it.each<[string, Recipe, number, typeof a100, RegExp]>([
  [
    "a batch that does not divide",
    grpo({}, { gpus: 4 }),
    16,
    a100,
    /do not divide by 12 trainers x 4 a device, expected 240 \(30 prompts\)/,
  ],
  [
    "servers wider than the heads",
    grpo({}, { gpus: 3, tensor_parallel: 3 }, seven),
    4,
    { ...a100, gpusPerNode: 6 },
    /tensor_parallel: 3 for 28 attention heads and 4 of keys and values, expected 1, 2, 4, 28/,
  ],
  [
    "7B on one small GPU",
    sft({ parallel: "none" }, seven),
    1,
    desk,
    /15\.4 weights \+ 15\.4 gradients \+ 30\.9 optimiser = 61\.8 GiB on each of 1 GPUs of 24 GiB, expected parallel zero2-offload|more GPUs/,
  ],
  [
    "7B in ddp on GPUs of 48 GiB, where zero2 fits",
    sft({ parallel: "ddp", per_device_batch_size: 2 }, seven),
    4,
    { ...a100, gpuMemoryGib: 48 },
    /GPUs of 48 GiB, expected parallel zero2$/,
  ],
  [
    "a server whose share is smaller than its weights",
    infer({ gpu_memory_utilization: 0.1 }, seven),
    4,
    a100,
    /gpu_memory_utilization: 0\.1 of 80 GiB is 8\.0 GiB for 15\.4 GiB of weights, expected at least 0\.21/,
  ],
  [
    "an attempt shorter than one checkpoint interval",
    sft({ checkpoints: { every_steps: 500 } }, stepTime(10, 4, { time_limit: "01:00:00" })),
    4,
    a100,
    /every_steps: 500 steps of 10 s take longer than an attempt of 3600 s, expected at most 360/,
  ],
  [
    "models alone, and yet a requeue",
    sft(
      { checkpoints: { every_steps: 100, save_only_model: true } },
      { resources: { requeues: 2 } },
    ),
    4,
    a100,
    /save_only_model: leaves nothing to go on from, with resources\.requeues 2, expected save_only_model false or requeues 0/,
  ],
  [
    "prompt and completion longer than the server takes",
    grpo({ max_completion_length: 2049 }),
    4,
    a100,
    /max_model_len: 4096 for 2048 tokens of prompt and 2049 of completion, expected at least 4097/,
  ],
  [
    "an image that fills the prompt",
    grpo({ max_prompt_length: 512 }),
    4,
    a100,
    /max_prompt_length: 512 for an image of up to 512 tokens/,
  ],
  [
    "an answer that does not fit beside its image",
    infer({ max_model_len: 2560 }),
    4,
    a100,
    /max_model_len: 2560 for an image of up to 512 tokens, its text and an answer of 2048, expected more than 2560/,
  ],
  [
    "one process on four GPUs",
    sft({ parallel: "none" }),
    4,
    a100,
    /parallel: none with 4 trainers/,
  ],
  ["shards without GPUs", sft(), 0, laptop, /parallel: fsdp without GPUs, expected ddp or none/],
  [
    "NCCL on one GPU",
    grpo({ parallel: "none" }, { sync: "nccl", gpu_memory_utilization: 0.3 }),
    1,
    a100,
    /nccl with trainer and server on one GPU, expected disk/,
  ],
  ["more GPUs than there are", sft(), 4, desk, /resources\.gpus: 4 GPUs on nodes of 1/],
])("refuses %s", (_, recipe, gpus, machine, message) => {
  expect(() => plan(recipe, gpus, machine)).toThrow(message);
});

it("takes what is just possible", () => {
  expect(() => plan(grpo({ max_completion_length: 2048 }), 4)).not.toThrow();
  const hour = stepTime(10, 4, { time_limit: "01:00:00" });
  expect(() => plan(sft({ checkpoints: { every_steps: 360 } }, hour), 4)).not.toThrow();
  expect(() => plan(sft({}, seven), 4)).not.toThrow();
});

it("lists all that is impossible at once", () => {
  const recipe = grpo({ max_completion_length: 4096, parallel: "none" }, { gpus: 4 });
  expect(() => plan(recipe, 16)).toThrow(
    /^Cannot plan "rl": 3 things cannot be\n {2}grpo\.prompts_per_step.*\n {2}sampler\.max_model_len.*\n {2}grpo\.parallel/,
  );
});

it.each<[Recipe, number, typeof a100, RegExp]>([
  [
    sft({}, { model: { id: "Qwen/Qwen2-VL-2B-Instruct" } }),
    4,
    a100,
    /^model: Qwen.* without a revision/,
  ],
  [sft({}, { model: { id: "some/model" } }), 4, a100, /^model: its size is not known/],
  [sft({}, { data: { train: { path: "/rows" } } }), 4, a100, /^data: the recipe states no rows/],
  [
    sft({}, stepTime(100, 4)),
    4,
    gh200,
    /^resources\.time_limit: about 4 attempts of 43200 s are needed, 1 allowed/,
  ],
  [
    sft({}, { resources: { time_limit: "2-00:00:00" } }),
    4,
    a100,
    /^resources\.time_limit: 2-00:00:00 is cut to the 86400 s of a100/,
  ],
  [
    sft({ parallel: "ddp" }, seven),
    4,
    { ...a100, gpuMemoryGib: 64 },
    /^memory: 61\.8 of 64 GiB are taken/,
  ],
])("warns, case %#", (recipe, gpus, machine, warning) => {
  expect(plan(recipe, gpus, machine).warnings).toContainEqual(expect.stringMatching(warning));
});

it("waits for the endpoint and every server before it trains, and marks none as its own start", () => {
  const { roles, ports, endpoints } = plan(grpo({}, { sync: "nccl" }), 16);
  const services = roles.slice(0, -1).map(({ name }) => name);
  expect(roles.at(-1)).toMatchObject({ name: "trainer", after: services, nodes: [0, 1] });
  expect(services).toHaveLength(9);
  expect(ports).toHaveLength(1 + 8 + 1 + 8);
  expect(new Set(ports).size).toBe(ports.length);
  expect(endpoints?.samplers[4]).toEqual({
    url: { url: "sampler-4", on: 3 },
    model: "policy",
    capacity: 1,
    group_port: { port: "weights-4" },
    log: "logs/sampler-4.log",
  });
});

it("names no sampler where vLLM is inside the trainers", () => {
  const { endpoints, roles } = plan(grpo({}, { mode: "colocate" }), 16);
  expect(endpoints?.samplers).toEqual([]);
  expect(roles.map(({ name }) => name)).toEqual(["reward", "trainer"]);
});

it("keeps all roles of a node within its cores and memory", () => {
  for (const [recipe, gpus, machine] of [
    [grpo(), 16, a100],
    [grpo({}, { gpus: 8, tensor_parallel: 2 }), 16, gh200],
    [grpo({ parallel: "none" }, { gpu_memory_utilization: 0.3 }), 1, { ...desk, gpuMemoryGib: 48 }],
    [grpo({ parallel: "none" }), 0, laptop],
    [infer(), 4, a100],
  ] as const) {
    const { roles, topology } = plan(recipe, gpus, machine);
    for (let node = 0; node < topology.nodes; node++) {
      const here = roles.filter(({ nodes }) => nodes.includes(node));
      const sum = (what: "cpus" | "memoryMib") => here.reduce((all, role) => all + role[what], 0);
      expect(sum("cpus")).toBeLessThanOrEqual(machine.cpusPerNode);
      expect(sum("memoryMib")).toBeLessThanOrEqual(machine.memoryMibPerNode);
    }
  }
});

it("gives SFT, which has nothing beside it, its nodes whole", () => {
  for (const [gpus, machine, threads] of [
    [8, a100, undefined],
    [0, laptop, 4],
  ] as const) {
    const { roles, files } = plan(sft({ parallel: gpus ? "fsdp" : "none" }), gpus, machine);
    const { cpusPerNode: cpus, memoryMibPerNode: memoryMib } = machine;
    expect(roles).toMatchObject([{ name: "trainer", cpus, memoryMib }]);
    expect(JSON.parse(files["artifacts/trainer.json"]!).threads).toBe(threads);
  }
});

it("makes the tiny model that is only asked of the words of training rows, as the one that is trained", () => {
  const tiny = { layers: 2, hidden_size: 64, intermediate_size: 64, heads: 2, key_value_heads: 2 };
  const data = { train: { synth: { count: 8, seed: 0 } }, eval: { synth: { count: 2, seed: 1 } } };
  const rest = { model: { tiny }, resources: { gpus: 0 } };
  const asked = plan(infer({}, { ...rest, data }), 0, laptop);
  const trained = plan(sft({ parallel: "none" }, { ...rest, data }), 0, laptop);
  expect(asked.inputs["inputs/train"]).toEqual(trained.inputs["inputs/train"]);
  expect(asked.warnings.join()).not.toContain("step_time"); // hours matter where GPUs are paid for
  expect(asked.files["artifacts/model.json"]).toBe(trained.files["artifacts/model.json"]);
  expect(() => plan(infer({}, { ...rest, data: { eval: data.eval } }), 0, laptop)).toThrow(
    'Cannot plan "ask": data.train: none for model.tiny, expected the rows of whose words it is made',
  );
});

it("gives the trainer what a recipe says of lost samplers, limits and alarms, and always a sample to keep", () => {
  const configOf = (recipe: Recipe) => {
    const { files, recipeHash } = plan(recipe, 16);
    return { ...JSON.parse(files["artifacts/trainer.json"] ?? ""), recipeHash };
  };
  const asked = {
    ...{ on_sampler_loss: "end", sampler_timeout_s: 600, push_timeout_s: 120, integrity_every: 5 },
    alarms: { at_limit: 0.2 },
  };
  expect(configOf(grpo(asked))).toMatchObject(asked);
  const usual = configOf(grpo());
  for (const name of Object.keys(asked)) expect(usual).not.toHaveProperty(name);
  expect(usual.completions_sample).toEqual({ path: "train/completions-sample.jsonl", seed: 42 });
  expect(usual.recipeHash).not.toBe(configOf(grpo(asked)).recipeHash);
});
