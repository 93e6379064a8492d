import { expect, it } from "vitest";
import { cocoIdOf } from "../../src/data/coco-id.ts";

it.each([
  ["train2017/000000417720.jpg", 417720],
  ["000000000009.jpg", 9],
  ["coco/images/COCO_val2014_000000581929.jpg", 581929],
  ["train2017/417720.jpg", undefined],
  ["x000000417720.jpg", undefined],
  ["000000417720.png", undefined],
  ["000000000000.jpg", undefined],
  ["train-00000-of-00003.parquet#12", undefined],
])("reads the number of %s as %s", (path, id) => {
  expect(cocoIdOf(path)).toBe(id);
});
