import { beforeAll, describe, expect, it } from "vitest";
import { clusterMachine, type Machine } from "../../../src/plan/machine.ts";
import { planRun } from "../../../src/plan/plan-run.ts";
import { type StudyNode, studyGraph } from "../../../src/plan/study/graph.ts";
import { graphText } from "../../../src/plan/study/graph-text.ts";
import { loadClusterProfile } from "../../../src/recipe/load-cluster-profile.ts";
import { loadRun, type RunRecipe } from "../../../src/recipe/load-run.ts";
import { loadStudy } from "../../../src/recipe/load-study.ts";
import { studyRuns } from "../../../src/recipe/study.ts";
import { shipped } from "../../../src/root.ts";

let machine: Machine;
beforeAll(async () => {
  const environment = { SCRATCH: "/scratch", R1SGG_ACCOUNT: "a" };
  machine = clusterMachine(
    await loadClusterProfile(shipped("slurm/alps-gh200.yaml"), { environment }),
  );
});

const graphOf = (name: string, seeds?: number[]) => graphOfAll([name], seeds);

async function graphOfAll(names: readonly string[], seeds?: number[]) {
  const studies = await Promise.all(
    names.map((name) => loadStudy(shipped(`recipes/studies/${name}.yaml`))),
  );
  const runs = new Map<string, RunRecipe>();
  for (const path of studies.flatMap(studyRuns)) runs.set(path, await loadRun(path));
  const plan = (run: RunRecipe) => planRun({ run, machine, backend: "slurm" });
  const seeded = studies.map((study) => ({ ...study, ...(seeds && { seeds }) }));
  return studyGraph(seeded, runs, plan);
}
const stages = (nodes: readonly StudyNode[]) =>
  Object.fromEntries(
    [...Map.groupBy(nodes, ({ run }) => run.recipe.stage)].map(([stage, all]) => [
      stage,
      all.length,
    ]),
  );

describe("studyGraph", () => {
  it("makes each run once, those before it first", async () => {
    const nodes = await graphOf("table4");
    expect(nodes.map(({ run }) => run.recipe.name)).toEqual([
      "sft-7b-vg150-closed",
      "r1-sgg-7b-vg150-closed",
      "infer-r1-sgg-7b-vg150-closed-on-vg150",
      "eval-r1-sgg-7b-vg150-closed-on-vg150",
      "ablation-relax-7b-vg150-closed",
      "infer-ablation-relax-7b-vg150-closed-on-vg150",
      "eval-ablation-relax-7b-vg150-closed-on-vg150",
      "ablation-soft-7b-vg150-closed",
      "infer-ablation-soft-7b-vg150-closed-on-vg150",
      "eval-ablation-soft-7b-vg150-closed-on-vg150",
    ]);
    const seen = new Set<string | null>([null]);
    for (const { hash, after } of nodes) {
      expect(seen).toContain(after);
      seen.add(hash);
    }
  });

  it("makes a run once that several studies need", async () => {
    const [table, figure] = [await graphOf("v1-table3"), await graphOf("figure2")];
    const both = await graphOfAll(["v1-table3", "figure2"]);
    const hashes = [...table, ...figure].map(({ hash }) => hash);
    expect(both).toHaveLength(new Set(hashes).size);
    expect(both.length).toBeLessThan(hashes.length);
  });

  it("asks every kept model of a curve, and the last alone for a line", async () => {
    // GRPO of 1,757 steps keeps 17 models and the last: 4 × 18, and SFT of both sizes once
    expect(stages(await graphOf("figure2-later"))).toEqual({
      sft: 2,
      grpo: 4,
      infer: 74,
      eval: 74,
    });
    // v1: SFT of 1,320 steps keeps 13 and the last, twice; 8 × 18; SFT with and without classes
    expect(stages(await graphOf("figure2"))).toEqual({ sft: 4, grpo: 8, infer: 172, eval: 172 });
  });

  it("repeats all of it for each seed", async () => {
    const nodes = await graphOf("table4", [1, 2]);
    expect(stages(nodes)).toEqual({ sft: 2, grpo: 6, infer: 6, eval: 6 });
    expect(new Set(nodes.map(({ hash }) => hash)).size).toBe(20);
  });

  it("takes one seed of all studies after the other", async () => {
    const nodes = await graphOfAll(["table4", "figure2"], [1, 2]);
    const once = await graphOfAll(["table4", "figure2"], [1]);
    expect(nodes.map(({ run }) => run.recipe.seed)).toEqual([
      ...once.map(() => 1),
      ...once.map(() => 2),
    ]);
  });
});

describe("graphText", () => {
  it("lets costs follow the names where a column of them would break lines", async () => {
    const text = graphText(await graphOf("figure5"), 80);
    expect(text).toContain("├─ r1-sgg-2b-vg150-open  16 GPUs, ");
    for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  });

  it("draws who waits for whom, and sums the hours that are known", async () => {
    const text = graphText(await graphOf("table4"));
    expect(text.split("\n").map((line) => line.trimEnd())).toEqual([
      "sft-7b-vg150-closed                                    4 GPUs, 10.0 h, 40 GPU h",
      "├─ r1-sgg-7b-vg150-closed                              16 GPUs, 16.0 h, 256 GPU h",
      "│  └─ infer-r1-sgg-7b-vg150-closed-on-vg150            4 GPUs",
      "│     └─ eval-r1-sgg-7b-vg150-closed-on-vg150          CPU",
      "├─ ablation-relax-7b-vg150-closed                      16 GPUs, 16.0 h, 256 GPU h",
      "│  └─ infer-ablation-relax-7b-vg150-closed-on-vg150    4 GPUs",
      "│     └─ eval-ablation-relax-7b-vg150-closed-on-vg150  CPU",
      "└─ ablation-soft-7b-vg150-closed                       16 GPUs, 16.0 h, 256 GPU h",
      "   └─ infer-ablation-soft-7b-vg150-closed-on-vg150     4 GPUs",
      "      └─ eval-ablation-soft-7b-vg150-closed-on-vg150   CPU",
      "",
      "10 runs, 808 GPU hours in 4 of them; 3 with GPUs state no step time",
      "",
    ]);
  });

  it("sets the evaluations of a curve on one line, with what waits for them", async () => {
    const text = graphText(await graphOf("figure2-later"));
    expect(text).toContain("infer-r1-sgg-zero-7b-vg150-closed-on-vg150 × 18 models");
    expect(text).toContain("eval-r1-sgg-zero-7b-vg150-closed-on-vg150 × 18 models");
  });

  it("says of runs without a GPU that they need none", async () => {
    const nodes = await graphOf("table4");
    const evals = nodes.filter(({ run }) => run.recipe.stage === "eval");
    const text = graphText(evals.map((node) => ({ ...node, after: null })));
    expect(text).toMatch(/\n\n3 runs, none of them with a GPU\n$/);
  });
});
