import { describe, expect, it } from "vitest";
import { studyRunsOf } from "../../../src/report/study/chain.ts";
import type { RunFolder } from "../../../src/report/study/run-folder.ts";

const folder = (stage: string, over: Partial<RunFolder> = {}): RunFolder => ({
  ...{ id: `${stage}-1`, name: stage, stage, seed: 42, recipeHash: stage, upstreamHash: null },
  ...{ checkpoint: null, steps: null, state: "done", model: null, data: null, profile: null },
  ...{ stack: null, hardware: null, code: null, metrics: null },
  ...{ folder: `runs/${stage}-1`, rows: null },
  ...over,
});

const rowsOf = (name: string) => ({ source: `{"id":"${name}"}`, name, classes: "vg150" });

describe("studyRunsOf", () => {
  it("tells of an evaluation what its training and inference say", () => {
    const [run, ...more] = studyRunsOf([
      folder("sft", {
        seed: 1,
        steps: 1320,
        model: "Qwen@abc",
        data: "train@x",
        stack: "trl 1.16",
        rows: rowsOf("train"),
      }),
      folder("grpo", {
        seed: 7,
        steps: 1757,
        profile: "release",
        stack: "trl 1.16",
        upstreamHash: "sft",
      }),
      folder("infer", {
        checkpoint: 300,
        stack: "vllm 0.31",
        hardware: "4 GPUs",
        upstreamHash: "grpo",
      }),
      folder("eval", {
        data: "val@y",
        rows: rowsOf("val"),
        metrics: { ap50: 1 },
        upstreamHash: "infer",
      }),
    ]);
    expect(more).toEqual([]);
    expect(run).toEqual({
      ...{
        id: "eval-1",
        recipe: "eval",
        recipeHash: "eval",
        state: "done",
        seed: 7,
        checkpoint: 300,
        steps: 1757,
      },
      facts: {
        ...{ stack: "vllm 0.31 + trl 1.16", hardware: "4 GPUs", code: "not recorded" },
        ...{ model: "Qwen@abc", data: "val@y + train@x", profile: "release" },
      },
      stage: "eval",
      folder: "runs/eval-1",
      tested: rowsOf("val"),
      trained: [{ folder: "runs/sft-1", rows: rowsOf("train") }],
      metrics: { ap50: 1 },
    });
  });

  it("has the seed of its own where nothing was trained, and no profile", () => {
    const [run] = studyRunsOf([folder("vqa", { seed: 3, model: "m@1" })]);
    expect(run).toMatchObject({ seed: 3, steps: null, facts: { profile: null, model: "m@1" } });
  });

  it("does without runs that are gone, and ends where runs start from each other", () => {
    const runs = studyRunsOf([
      folder("infer", { upstreamHash: "eval" }),
      folder("eval", { upstreamHash: "infer" }),
      folder("vqa", { upstreamHash: "gone" }),
    ]);
    expect(runs.map(({ id }) => id)).toEqual(["eval-1", "vqa-1"]);
  });
});
