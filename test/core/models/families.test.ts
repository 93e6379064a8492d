import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  boxScaleOf,
  familyNamed,
  familyOfModel,
  familyOfType,
  modelFamilies,
} from "../../../src/core/models/families.ts";

const limits = { minPixels: 4 * 28 * 28, maxPixels: 1024 * 28 * 28 };
const named = (name: string) => familyNamed(name)!;

describe("familyOfModel", () => {
  it.each([
    ["Qwen/Qwen2-VL-7B-Instruct", "qwen2-vl"],
    ["/models/qwen2vl-2b-sft/checkpoint-1317", "qwen2-vl"],
    ["Qwen/Qwen2.5-VL-3B-Instruct", "qwen2.5-vl"],
    ["qwen2_5-vl-7b", "qwen2.5-vl"],
    ["qwen25-vl-7b", "qwen2.5-vl"],
    ["llava-hf/llava-1.5-7b-hf", "llava-1.5"],
    ["llava-v1.5-13b", "llava-1.5"],
    ["llava-hf/llava-v1.6-mistral-7b-hf", "llava-1.6"],
    ["llava-next-8b", "llava-1.6"],
    ["policy", undefined],
    ["Qwen/Qwen3-VL-8B-Instruct", undefined],
    ["Qwen/Qwen2-7B-Instruct", undefined],
    ["llava-hf/llava-onevision-qwen2-7b-ov-hf", undefined],
  ])("tells %s", (model, family) => {
    expect(familyOfModel(model)?.name).toBe(family);
  });

  it("never leaves a name to two families", () => {
    for (const { name } of modelFamilies) {
      expect(
        modelFamilies.filter((each) => each.named.test(name)).map((each) => each.name),
      ).toEqual([name]);
    }
  });
});

it("knows what transformers calls each", () => {
  const types = ["qwen2_vl", "qwen2_5_vl", "llava", "llava_next", "qwen3_vl"];
  expect(types.map((type) => familyOfType(type)?.name)).toEqual([
    ...["qwen2-vl", "qwen2.5-vl", "llava-1.5", "llava-1.6", undefined],
  ]);
});

describe("boxScaleOf", () => {
  it.each([
    ["qwen2-vl", [1000, 1000]],
    // 640 is 22.86 times 28, 480 is 17.14 times: 23 and 17.
    ["qwen2.5-vl", [644, 476]],
    ["llava-1.5", [336, 336]],
    ["llava-1.6", [336, 336]],
  ])("of %s and 640 x 480", (name, scale) => {
    expect(boxScaleOf(named(name), { width: 640, height: 480 }, limits)).toEqual(scale);
  });

  it("is that of the image within the limits, for Qwen2.5-VL", () => {
    // 1500 x 1000 is 1.5e6 pixels: ratio √(1.5e6 / 802816) = 1.3669; 1097.4 and 731.6 in whole 28s.
    const size = { width: 1500, height: 1000 };
    expect(boxScaleOf(named("qwen2.5-vl"), size, limits)).toEqual([1092, 728]);
    // With half the pixels the ratio is 1.9331: 776.0 and 517.3.
    const fewer = { ...limits, maxPixels: 512 * 28 * 28 };
    expect(boxScaleOf(named("qwen2.5-vl"), size, fewer)).toEqual([756, 504]);
  });

  it("divides by 28 and keeps within the limits, whatever the size", () => {
    const side = fc.integer({ min: 20, max: 4000 });
    fc.assert(
      fc.property(side, side, (width, height) => {
        const [w, h] = boxScaleOf(named("qwen2.5-vl"), { width, height }, limits);
        expect([w % 28, h % 28]).toEqual([0, 0]);
        expect(w * h).toBeGreaterThanOrEqual(limits.minPixels);
        expect(w * h).toBeLessThanOrEqual(limits.maxPixels);
      }),
    );
  });

  it("refuses what the processor refuses", () => {
    const size = { width: 5000, height: 20 };
    expect(() => boxScaleOf(named("qwen2.5-vl"), size, limits)).toThrow(RangeError);
  });
});
