import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { thisMachine } from "../../src/launch/record.ts";
import { findStudyRuns } from "../../src/launch/study/study-runs.ts";
import { recipeHash } from "../../src/plan/recipe-hash.ts";
import { withSeed } from "../../src/plan/study/variants.ts";
import { loadRun } from "../../src/recipe/load-run.ts";
import { loadStudy } from "../../src/recipe/load-study.ts";
import { shipped } from "../../src/root.ts";
import { r1sgg } from "./r1sgg.ts";
import { type RunFiles, writeRun as writeRunIn } from "./run-folders.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "r1sgg-report-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
});

const writeRun = (run: RunFiles) => writeRunIn(join(folder, "runs"), run);

const figures = (ap50: number) => {
  const at = { "20": 23.5, "50": 24, "100": 25 };
  return { compat: "release", failure_rate: 0.1, ap50, recall: at, mean_recall: at };
};
const report = (...args: string[]) => r1sgg("report", ...args, "--runs", join(folder, "runs"));

describe("r1sgg report", () => {
  it("prints a table of ours before anything was run", async () => {
    const { code, out } = await report("table4");
    expect(code).toBe(0);
    expect(out).toContain("Hard Recall");
    expect(out).toContain("19.47");
    expect(out.match(/not run/g)).toHaveLength(12);
  });

  it("says that a row runs while what its evaluation starts from does, and sees whose CLI is gone", async () => {
    await writeRun({ name: "r1-sgg-7b-vg150-closed", stage: "grpo", state: "running" });
    const gone = { stage: "eval", state: "running", machine: thisMachine() };
    await writeRun({ name: "eval-ablation-soft-7b-vg150-closed-on-vg150", ...gone });
    const { out } = await report("table4");
    const ours = out.split("\n").filter((line) => /^ +ours/.test(line));
    expect(ours.map((line) => line.trim().split(/ {2,}/).slice(1))).toEqual([
      Array(4).fill("running"),
      Array(4).fill("not run"),
      Array(4).fill("failed"),
    ]);
  });

  it("takes the versions that a trainer noted where the run knows only its images", async () => {
    const facts = { stack: { "worker image": "/images/worker.sif" }, hardware: "16 × a100 of c" };
    const run = await writeRun({ name: "r1-sgg-7b-vg150-closed", stage: "grpo", facts });
    const train = join(run, "train");
    await mkdir(train);
    const versions = { python: "3.11.7", torch: "2.13.0", peft: "1.0", vllm: null };
    await writeFile(join(train, "effective-config.json"), JSON.stringify({ versions }));
    const infer = "infer-r1-sgg-7b-vg150-closed-on-vg150";
    const sampler = { stack: { "sampler image": "/images/sampler.sif" } };
    await writeRun({ name: infer, stage: "infer", from: "r1-sgg-7b-vg150-closed", facts: sampler });
    const name = "eval-r1-sgg-7b-vg150-closed-on-vg150";
    await writeRun({ name, stage: "eval", from: infer, metrics: figures(19) });
    const { out } = await report("table4");
    expect(out).toContain(
      "Stack: sampler image /images/sampler.sif + python 3.11.7, torch 2.13.0.",
    );
  });

  it("fills the table of four-way questions from what vqa score says, with the paper's differences", async () => {
    const row = { questions: 4, images: 2, correct: 2, acc_interval: [0, 100], kinds: {} };
    const scores: readonly (readonly [string, number, number])[] = [
      ["original", 53.5, 53],
      ["mask-image", 0.1, 0.25],
      ["no-boxes", 70, 71],
    ];
    const settings = scores.map(([setting, acc, macc]) => ({
      setting,
      row: "",
      acc,
      macc,
      ...row,
    }));
    await writeRun({ name: "vqa-qwen2-vl-7b", stage: "vqa", metrics: { settings } });
    await writeRun({ name: "vqa-instructblip-7b", stage: "vqa", state: "running" });
    const { code, out } = await report("v1-table2");
    expect(code).toBe(0);
    const ours = out.split("\n").filter((line) => /^ +ours/.test(line));
    expect(ours).toHaveLength(9);
    const cells = ours.map((line) => line.trim().split(/ {2,}/).slice(1));
    for (const line of cells) expect(line.slice(0, 2)).toEqual(["running", "running"]);
    for (const line of cells) expect(line.slice(2, 6)).toEqual(Array(4).fill("not run"));
    expect(cells[0]!.slice(6)).toEqual(["53.50 [-0.24] ✓", "53.00 [-0.35] ✓"]);
    expect(cells[1]!.slice(6)).toEqual(["0.10 (-53.40) [+0.07] ✓", "0.25 (-52.75) [+0.23] ✓"]);
    expect(cells[6]!.slice(6)).toEqual(["70.00 (+16.50) [-8.13] ✗", "71.00 (+18.00) [-6.10] ✗"]);
  });

  it("fills a cell from the chain of runs that made it, and writes every form", async () => {
    await writeRun({
      ...{ name: "r1-sgg-7b-vg150-closed", stage: "grpo", steps: 1757 },
      recipe: { rewards: { profile: "release" } },
      facts: {
        stack: { torch: "2.13.0", trl: "1.16.0" },
        hardware: "16 × GH200",
        code: "0.1.0 abc",
      },
    });
    const infer = "infer-r1-sgg-7b-vg150-closed-on-vg150";
    await writeRun({ name: infer, stage: "infer", from: "r1-sgg-7b-vg150-closed" });
    const name = "eval-r1-sgg-7b-vg150-closed-on-vg150";
    await writeRun({
      ...{ name, stage: "eval", from: infer, metrics: figures(19) },
      recipe: { data: { eval: { id: "JosephZ/<b>vg150", revision: "0123456789" } } },
    });
    await writeRun({
      name: "eval-ablation-soft-7b-vg150-closed-on-vg150",
      stage: "eval",
      state: "running",
    });

    const out = join(folder, "out");
    const { code, out: text, err } = await report("table4", "--out", out);
    expect(code).toBe(0);
    expect(text).toContain("19.00 [-0.47] ✓");
    expect(text).toContain("23.50 [-0.25] ✓");
    expect(text).toContain("23.50 [+12.07] ✗");
    expect(text.match(/running/g)).toHaveLength(4);
    expect(text).toContain("Stack: torch 2.13.0, trl 1.16.0.");
    expect(err).toContain(out);
    const files = ["index.html", "table4.csv", "table4.json", "table4.md", "table4.tex"];
    expect((await readdir(out)).sort()).toEqual(files);
    const read = (file: string) => readFile(join(out, file), "utf8");
    expect(await read("table4.md")).toContain(
      `| ${name}-00000000 | changed | 42 | last | release | release | not recorded | JosephZ/<b>vg150@01234567 | 16 × GH200 | torch 2.13.0, trl 1.16.0 | 0.1.0 abc |`,
    );
    expect(await read("table4.md")).toContain(
      "| Run | Recipe | Seed | Step | Judged | Rewards | Model | Data | Hardware | Stack | Code |",
    );
    expect(await read("table4.tex")).toContain("{\\tiny [-0.47] $\\checkmark$}");
    expect(await read("table4.csv")).toContain(
      `ap50,19.47,19,,,1,-0.47,reproduced,${name}-00000000`,
    );
    expect(JSON.parse(await read("table4.json"))).toMatchObject({
      study: "table4",
      runs: [{ seed: 42 }],
    });
    const html = await read("index.html");
    expect(html).toContain("JosephZ/&lt;b&gt;vg150@01234567");
    expect(html).not.toContain("<b>vg150");
  });

  it("draws a figure as SVG and PNG from the evaluations of kept models", async () => {
    await writeRun({ name: "v1-zero-rl-7b-open", stage: "grpo", steps: 1757 });
    const infer = "infer-v1-zero-rl-7b-open-on-vg150";
    await writeRun({
      name: infer,
      stage: "infer",
      from: "v1-zero-rl-7b-open",
      recipe: { model: { checkpoint: 300 } },
    });
    const name = "eval-v1-zero-rl-7b-open-on-vg150";
    await writeRun({ name, stage: "eval", from: infer, metrics: figures(12.5) });
    const out = join(folder, "out");
    expect((await report("figure2", "--out", out)).code).toBe(0);
    expect(await readFile(join(out, "figure2.csv"), "utf8")).toContain(
      '"RL, 7B","AP@50, %","zero-RL, no classes",300,12.5,,,1\r\n',
    );
    expect((await readFile(join(out, "figure2.png"))).subarray(1, 4).toString()).toBe("PNG");
    expect(await readFile(join(out, "index.html"), "utf8")).toContain("<svg");
  });

  it("knows the recipe of a kept model's evaluation as it stands", async () => {
    const name = "v1-zero-rl-7b-open-on-vg150";
    const path = (stage: string) => shipped(`recipes/paper/${stage}/${name}.yaml`);
    const judged = await loadRun(path("eval"));
    const asked = await loadRun(path("infer"), { set: ["model.checkpoint=300"] });
    const hashes = [recipeHash({ ...judged, upstream: asked }), recipeHash(judged)];
    for (const [i, hash] of hashes.entries()) {
      const files = { name: `eval-${name}`, stage: "eval", from: "asked", metrics: figures(i) };
      await writeRun({ ...files, hash });
    }
    await writeRun({ name: "asked", stage: "infer", recipe: { model: { checkpoint: 300 } } });
    const study = await loadStudy(shipped("recipes/studies/figure2.yaml"));
    const found = (await findStudyRuns([study], join(folder, "runs"))).get(path("eval"))!;
    // both asked the model of step 300; the second's hash is of a recipe that asks the last
    expect(Object.fromEntries(found.map((run) => [run.recipeHash, run.changed]))).toEqual({
      [hashes[0]!]: false,
      [hashes[1]!]: true,
    });
  });

  it("knows a recipe with the seed that a study gives as it stands, with another bound as changed", async () => {
    const path = shipped("recipes/mini/eval/sft.yaml");
    const ofStudy = [
      withSeed(await loadRun(path), 7),
      withSeed(await loadRun(path, { set: ["eval.threshold=0.6"] }), 7),
    ];
    const hashes = ofStudy.map(recipeHash);
    for (const [i, hash] of hashes.entries()) {
      const files = { name: "mini-eval-sft", stage: "eval", metrics: figures(i) };
      await writeRun({ ...files, recipe: { seed: 7 }, hash });
    }
    const study = await loadStudy(shipped("recipes/studies/_mini-table.yaml"));
    const found = (await findStudyRuns([study], join(folder, "runs"))).get(path)!;
    expect(Object.fromEntries(found.map((run) => [run.recipeHash, run.changed]))).toEqual({
      [hashes[0]!]: false,
      [hashes[1]!]: true,
    });
  });

  it("takes the evaluation that a study asks for, of a run that judged twice", async () => {
    const name = "eval-ablation-relax-7b-vg150-closed-on-vg150";
    await writeRun({ name, stage: "eval", metrics: figures(12.25) });
    const strict = { ...figures(77), compat: "strict" };
    const path = join(folder, "runs", `${name}-00000000`, "metrics-strict.json");
    await writeFile(path, JSON.stringify(strict));
    const { out } = await report("table4");
    expect(out).toContain("12.25");
    expect(out).not.toContain("77.00");
  });

  it("prints JSON on demand", async () => {
    const { out } = await report("table1", "--json");
    expect(JSON.parse(out)).toMatchObject({ study: "table1", stacks: [], runs: [] });
  });

  it.each([
    ["no-such-study", "no such file"],
    ["../nowhere.yaml", "no such file"],
  ])("refuses the study %s", async (name, why) => {
    const { code, err } = await report(name);
    expect(code).toBe(2);
    expect(err).toContain(why);
  });

  it("says which file of a run cannot be read", async () => {
    await writeRun({ name: "eval-x", stage: "eval" });
    const path = join(folder, "runs", "eval-x-00000000", "metrics.json");
    await writeFile(path, "{");
    const { code, err } = await report("table1");
    expect(code).toBe(2);
    expect(err).toContain(`Cannot read "${path}"`);
  });

  it("passes over folders that are no runs of recipes", async () => {
    await mkdir(join(folder, "runs", "smoke-1"), { recursive: true });
    await writeFile(join(folder, "runs", "notes.txt"), "x");
    expect((await report("table1")).code).toBe(0);
  });
});
