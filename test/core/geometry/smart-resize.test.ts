import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { imageTokens, smartResize } from "../../../src/core/geometry/smart-resize.ts";
import { askWorker } from "../../data/python-worker.ts";
import { requires } from "../../helpers/requires.ts";

const training = { factor: 28, minPixels: 3136, maxPixels: 512 * 28 * 28 };

describe("smartResize", () => {
  it.each([
    ["the nearest multiples", [640, 100], [644, 112]],
    ["a half to the even neighbour below", [14 + 56, 42], [56, 56]],
    ["a half to the even neighbour above", [98, 126], [112, 112]],
    ["fewer where there are too many", [800, 600], [728, 532]],
    ["more where there are too few", [20, 30], [56, 84]],
    ["one square at least", [4000, 21], [4004, 28]],
  ] as const)("gives %s", (_, [width, height], [w, h]) => {
    expect(smartResize({ width, height }, training)).toEqual({ width: w, height: h });
  });

  it("refuses an image more than 200 times as long as wide", () => {
    expect(() => smartResize({ width: 201, height: 1 }, training)).toThrow(
      new RangeError("an image 201 x 1, more than 200 times as long as wide"),
    );
    expect(smartResize({ width: 200, height: 1 }, training).width % 28).toBe(0);
  });

  it("gives multiples of the factor, within the limits but for the rounding of a thin image", () => {
    const side = fc.integer({ min: 28, max: 4000 });
    fc.assert(
      fc.property(side, side, (width, height) => {
        const resized = smartResize({ width, height }, training);
        expect([resized.width % 28, resized.height % 28]).toEqual([0, 0]);
        const pixels = resized.width * resized.height;
        expect(pixels).toBeGreaterThanOrEqual(training.minPixels);
        if (Math.min(resized.width, resized.height) > 28)
          expect(pixels).toBeLessThanOrEqual(training.maxPixels);
      }),
    );
  });

  requires("python").it(
    "agrees with transformers' processor on sizes and on its grid",
    async () => {
      const sizes = Array.from({ length: 60 }, (_, at) => [
        1 + ((at * 7919) % 1900),
        1 + ((at * 104729) % 1300),
      ]);
      const images = sizes.filter(([w, h]) => Math.max(w!, h!) / Math.min(w!, h!) <= 200);
      const limits = [
        training,
        { factor: 28, minPixels: 3136, maxPixels: 1024 * 28 * 28 },
        { factor: 28, minPixels: 56 * 56, maxPixels: 24 * 28 * 28 },
      ];
      // The values of Qwen2-VL's preprocessor_config.json, but for the pixels of the run.
      const seen = await askWorker(
        `import json, sys
from PIL import Image
from transformers.models.qwen2_vl.image_processing_qwen2_vl import Qwen2VLImageProcessor, smart_resize
sizes, limits = json.load(sys.stdin)
out = []
for limit in limits:
    processor = Qwen2VLImageProcessor(
        min_pixels=limit["minPixels"], max_pixels=limit["maxPixels"],
        patch_size=14, temporal_patch_size=2, merge_size=2,
        image_mean=[0.48145466, 0.4578275, 0.40821073], image_std=[0.26862954, 0.26130258, 0.27577711])
    for w, h in sizes:
        grid = processor(images=[Image.new("RGB", (w, h))], return_tensors="pt")["image_grid_thw"][0].tolist()
        out.append([smart_resize(h, w, 28, limit["minPixels"], limit["maxPixels"]), grid])
print(json.dumps(out))`,
        [images, limits],
      );
      const ours = limits.flatMap((limit) =>
        images.map(([width, height]) => {
          const size = { width: width!, height: height! };
          const resized = smartResize(size, limit);
          expect(imageTokens(size, limit)).toBe((resized.width / 28) * (resized.height / 28));
          const grid = [1, resized.height / 14, resized.width / 14];
          return [[resized.height, resized.width], grid];
        }),
      );
      expect(ours).toEqual(seen);
    },
  );
});
