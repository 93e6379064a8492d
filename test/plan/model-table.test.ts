import { expect, it } from "vitest";
import { allowedWidths } from "../../src/plan/faults.ts";
import { knownModels, modelSize } from "../../src/plan/model-table.ts";

interface Language {
  readonly hidden: number;
  readonly inner: number;
  readonly layers: number;
  readonly vocabulary: number;
  readonly heads: number;
  readonly keyValueHeads: number;
  readonly tied: boolean;
  readonly bias: boolean;
}

/** Embedding, layers with attention, gated MLP and two norms, last norm, output. */
function language(model: Language): number {
  const { hidden, inner, layers, vocabulary, heads, keyValueHeads, tied, bias } = model;
  const narrow = (hidden / heads) * keyValueHeads;
  const attention = 2 * hidden * hidden + 2 * hidden * narrow + (bias ? hidden + 2 * narrow : 0);
  const layer = attention + 3 * hidden * inner + 2 * hidden;
  return vocabulary * hidden * (tied ? 1 : 2) + layers * layer + hidden;
}

/** 32 blocks of width 1280 over patches of 14 × 14 in two frames, and what merges four patches into one. */
function vision(hidden: number, mlp: (width: number) => number, norm: number): number {
  const width = 1280;
  const attention = 4 * width * width + 4 * width;
  const block = attention + 2 * norm * width + mlp(width);
  const merged = 4 * width;
  return (
    3 * 2 * 14 * 14 * width +
    32 * block +
    norm * width +
    merged * merged +
    merged +
    merged * hidden +
    hidden
  );
}

const plainMlp = (width: number) => 2 * 4 * width * width + 5 * width;
const gatedMlp = (width: number) => 3 * 3420 * width + 2 * 3420 + width;

const clip = (() => {
  const [width, patches] = [1024, 577];
  const block = 4 * (width * width + width) + 4 * width + 8 * width * width + 5 * width;
  return width * 3 * 14 * 14 + width + patches * width + 4 * width + 24 * block;
})();
const vicuna = {
  hidden: 4096,
  inner: 11_008,
  layers: 32,
  vocabulary: 32_064,
  heads: 32,
  keyValueHeads: 32,
};
const projector = 1024 * 4096 + 4096 + 4096 * 4096 + 4096;

/** Sizes of the models' config.json. */
const sums: Readonly<Record<string, readonly [parameters: number, vision: number]>> = {
  "Qwen/Qwen2-VL-2B-Instruct": qwen(vision(1536, plainMlp, 2), {
    ...{ hidden: 1536, inner: 8960, layers: 28, vocabulary: 151_936, heads: 12, keyValueHeads: 2 },
    ...{ tied: true, bias: true },
  }),
  "Qwen/Qwen2-VL-7B-Instruct": qwen(vision(3584, plainMlp, 2), {
    ...{
      hidden: 3584,
      inner: 18_944,
      layers: 28,
      vocabulary: 152_064,
      heads: 28,
      keyValueHeads: 4,
    },
    ...{ tied: false, bias: true },
  }),
  "Qwen/Qwen2.5-VL-3B-Instruct": qwen(vision(2048, gatedMlp, 1), {
    ...{
      hidden: 2048,
      inner: 11_008,
      layers: 36,
      vocabulary: 151_936,
      heads: 16,
      keyValueHeads: 2,
    },
    ...{ tied: true, bias: true },
  }),
  "Qwen/Qwen2.5-VL-7B-Instruct": qwen(vision(3584, gatedMlp, 1), {
    ...{
      hidden: 3584,
      inner: 18_944,
      layers: 28,
      vocabulary: 152_064,
      heads: 28,
      keyValueHeads: 4,
    },
    ...{ tied: false, bias: true },
  }),
  "llava-hf/llava-1.5-7b-hf": qwen(clip + projector, { ...vicuna, tied: false, bias: false }),
  "llava-hf/llava-v1.6-vicuna-7b-hf": qwen(clip + projector + 4096, {
    ...vicuna,
    ...{ tied: false, bias: false },
  }),
};

function qwen(image: number, model: Language): readonly [number, number] {
  return [language(model) + image, image];
}

it.each(knownModels)("knows as many parameters of %s as its sizes add up to", (id) => {
  const size = modelSize(id)!;
  expect([size.parameters, size.visionParameters]).toEqual(sums[id]);
});

it("knows the published counts", () => {
  expect(modelSize("Qwen/Qwen2-VL-2B-Instruct")?.parameters).toBe(2_208_985_600);
  expect(modelSize("Qwen/Qwen2-VL-7B-Instruct")?.parameters).toBe(8_291_375_616);
  expect(modelSize("constructor")).toBeUndefined();
});

it.each([
  ["Qwen/Qwen2-VL-2B-Instruct", [1, 2, 4, 6, 12]],
  ["Qwen/Qwen2-VL-7B-Instruct", [1, 2, 4, 28]],
])("lets %s be served by servers of %j GPUs", (id, widths) => {
  expect(allowedWidths(modelSize(id)!)).toEqual(widths);
});
