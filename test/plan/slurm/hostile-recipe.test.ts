import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa } from "execa";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readScriptParts } from "../../../src/launch/slurm/script-parts.ts";
import { writeFiles, writeRun } from "../../../src/launch/slurm/write-run.ts";
import { clusterMachine } from "../../../src/plan/machine.ts";
import { planRun } from "../../../src/plan/plan-run.ts";
import type { RunPlan, Word } from "../../../src/plan/run-plan.ts";
import { loadRun } from "../../../src/recipe/load-run.ts";
import { type Recipe, recipeSchema } from "../../../src/recipe/recipe.ts";
import { hostile } from "../../helpers/hostile.ts";
import { profileOf } from "../../helpers/slurm-plans.ts";

type Json = Readonly<Record<string, unknown>>;

const shared = {
  name: "hostile",
  description: "words",
  resources: { gpus: 4, step_time: { seconds: 1, gpus: 4, source: "words" } },
  reproduces: {
    ...{ paper: ["words"], scripts: ["words"], notes: ["words"], differs: { words: "words" } },
  },
};
const asks = {
  model: { id: "words", family: "qwen2-vl", like: "words" },
  prompt: { user: "open", system: "system-think" },
  image: { max_pixels: 18_816 },
};
const training = {
  ...{ steps: 2, per_device_batch_size: 4, learning_rate: 1e-6 },
  lora: { targets: ["words", "words"] },
  report_to: { wandb_project: "words" },
};
const train = { id: "words", rows: 8 };

/** A recipe of each stage with every text that it may have; "words" is one that may be anything. */
const recipes: readonly Json[] = [
  {
    ...{ ...shared, stage: "sft", ...asks, data: { train: { path: "words" }, classes: "words" } },
    sft: { ...training, batch_size: 16 },
  },
  {
    ...{ ...shared, stage: "grpo", ...asks, data: { train, eval: train } },
    grpo: { ...training, prompts_per_step: 2 },
    rewards: { names: ["format_reward"], similarity: "words" },
  },
  {
    ...{ ...shared, stage: "infer", ...asks, model: { path: "words", like: "words" } },
    prompt: { user: "words", system: "words" },
    data: { eval: { path: "words" }, classes: "words" },
  },
  {
    ...{ ...shared, stage: "eval", predictions: { path: "words" } },
    data: { eval: { path: "words" }, train: { id: "words" }, classes: "words" },
  },
  {
    ...{ ...shared, stage: "vqa", model: asks.model, image: asks.image },
    data: { eval: { id: "words", rows: 4 }, classes: "words" },
  },
];

/** Puts the texts, one after the other, in the place of every "words", in keys too. */
function withTexts(value: unknown, texts: readonly string[]): unknown {
  const rest = [...texts];
  const put = (one: unknown): unknown => {
    if (one === "words") return rest.shift() ?? "words";
    if (Array.isArray(one)) return one.map(put);
    if (typeof one !== "object" || one === null) return one;
    return Object.fromEntries(Object.entries(one).map(([key, inner]) => [put(key), put(inner)]));
  };
  return put(value);
}

/** Every text in a value, in order. */
const textsIn = (value: unknown): readonly string[] =>
  typeof value === "string"
    ? [value]
    : typeof value === "object" && value !== null
      ? Object.values(value).flatMap(textsIn)
      : [];

/** As a role on the first of two nodes must get it. */
const resolved = (word: Word, plan: RunPlan): string => {
  if (typeof word === "string") return word;
  if ("host" in word) return `h${word.host}`;
  if ("node" in word) return "0";
  const port = (name: string) => 20_000 + plan.ports.indexOf(name);
  return "port" in word ? String(port(word.port)) : `http://h${word.on}:${port(word.url)}`;
};

/** Texts of a recipe that its programs must see. */
function handedOn(recipe: Recipe): readonly string[] {
  if (recipe.stage === "sft") return [recipe.sft.report_to.wandb_project];
  if (recipe.stage === "grpo")
    return [
      recipe.rewards.similarity,
      recipe.grpo.report_to.wandb_project,
      ...(recipe.grpo.lora?.targets ?? []),
    ];
  return recipe.stage === "infer" ? [recipe.infer.max_tokens.toString()] : [];
}

const trainerOf = ({ files }: RunPlan): unknown =>
  JSON.parse(files["artifacts/trainer.json"] ?? "{}");

let base: string;
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), "r1sgg-hostile-"));
  await mkdir(join(base, "bin"));
  for (const program of ["python", "vllm", "r1sgg"]) {
    const text = `#!/bin/bash\nprintf "%s\\0" ${program} "$@"\n`;
    await writeFile(join(base, "bin", program), text, { mode: 0o755 });
  }
});
afterAll(() => rm(base, { recursive: true }));

/** What each role's program is called with, by the rendered script. */
async function runRoles(runDir: string, plan: RunPlan): Promise<readonly (readonly string[])[]> {
  const role = join(runDir, "artifacts/slurm/role.sh");
  const script = await readFile(role, "utf8");
  await writeFiles(runDir, {
    "artifacts/slurm/role.sh": script.replace(/TICK=\d+/, "TICK=0.02"),
    "attempts/0/hosts": "h0\nh1\n",
    "attempts/0/ports": plan.ports.map((name, at) => `${name} ${20_000 + at}\n`).join(""),
  });
  for (const name of ["logs", "exits"]) await mkdir(join(runDir, "attempts/0", name));
  await symlink("0", join(runDir, "attempts/latest"));
  const env = { SLURMD_NODENAME: "h0", PATH: `${join(base, "bin")}:${process.env.PATH}` };
  return Promise.all(
    plan.roles.map(async ({ name, nodes: [first] }) => {
      await execa("bash", [role, name, "0", "1.0", String(first)], { env, cwd: base });
      const log = await readFile(join(runDir, `attempts/0/logs/${name}.log`), "utf8");
      return log
        .slice(log.indexOf("\n") + 1)
        .split("\0")
        .slice(0, -1);
    }),
  );
}

it("passes hostile texts in every field of any recipe on to its programs, unchanged", async () => {
  const parts = await readScriptParts();
  const asked = fc.record({
    recipe: fc.constantFrom(...recipes),
    texts: fc.array(
      hostile().filter((text) => text !== ""),
      { minLength: 16, maxLength: 16 },
    ),
    folder: fc.nat(),
  });
  const check = fc.asyncProperty(asked, async ({ recipe, texts, folder }) => {
    const wanted = withTexts(recipe, texts);
    const home = join(base, `it's $(touch owned) ${folder}`);
    await rm(home, { recursive: true, force: true });
    await mkdir(home);
    const file = join(home, "recipe.yaml");
    // As JSON, which is YAML: the yaml package writes a text of blanks and line ends wrongly.
    await writeFile(file, JSON.stringify(wanted).replaceAll("${", "$$${"));
    const run = await loadRun(file);
    const profile = profileOf({ storage: { runs: home } });
    const plan = planRun({ run, machine: clusterMachine(profile), backend: "slurm" });
    const runDir = await writeRun(plan, profile, parts, {});
    for (const script of ["artifacts/job.sbatch", "artifacts/slurm/role.sh"])
      await execa("bash", ["-n", join(runDir, script)]);
    const calls = await runRoles(runDir, plan);
    expect(calls).toEqual(
      plan.roles.map(({ command }) => command.map((word) => resolved(word, plan))),
    );
    for (const [path, text] of Object.entries(plan.files))
      expect(await readFile(join(runDir, path), "utf8")).toBe(text);
    const read = textsIn(run.recipe);
    for (const [at, text] of textsIn(recipeSchema.parse(wanted)).entries())
      expect([text, resolve(home, text)]).toContain(read[at]); // a path is absolute
    const told = [...calls.flat(), ...textsIn(trainerOf(plan))];
    for (const text of handedOn(run.recipe)) expect(told).toContain(text);
  });
  await fc.assert(check, { numRuns: 15 });
  await expect(readFile(join(base, "owned"))).rejects.toThrow(/ENOENT/);
}, 240_000);
