import type { StudyRun } from "../../../src/report/study/run.ts";

/** A metrics.json of `r1sgg eval` whose figures are the same at every cutoff. */
export const metrics = (failure: number, ap50: number, recall: number, mean: number) => ({
  compat: "release",
  failure_rate: failure,
  ap50,
  recall: { "20": recall, "50": recall, "100": recall },
  mean_recall: { "20": mean, "50": mean, "100": mean },
});

export const stack = "torch 2.13.0, vllm 0.31.0, trl 1.16.0";

/** A run that is done, unless something else is said. */
export const run = (id: string, over: Partial<StudyRun> = {}): StudyRun => ({
  id,
  recipe: id,
  recipeHash: id,
  changed: false,
  state: "done",
  seed: 42,
  checkpoint: null,
  steps: null,
  metrics: null,
  stage: "eval",
  folder: `runs/${id}`,
  tested: null,
  trained: [],
  facts: {
    stack,
    hardware: "4 × A100 80 GB",
    code: "0.1.0",
    model: "Qwen/Qwen2-VL-7B-Instruct@eed13092",
    data: "JosephZ/vg150_val_sgg_prompt@main",
    profile: null,
  },
  ...over,
});
