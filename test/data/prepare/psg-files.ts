import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { psg } from "../../../src/core/classes/psg.ts";
import type { PsgOptions } from "../../../src/data/prepare/psg.ts";
import { plainImage, temporaryFolder } from "../rows-file.ts";

const person = 0;
const umbrella = 25;
const tree = 116;
const grass = 125;

/** One entry of `data` in psg.json, with what the published file has besides. */
const entry = (
  image_id: string,
  file_name: string,
  [width, height]: readonly [number, number],
  annotations: readonly (readonly [number, readonly [number, number, number, number]])[],
  relations: readonly (readonly [number, number, number])[],
) => ({
  file_name,
  height,
  width,
  image_id,
  coco_image_id: String(Number(file_name.slice(-16, -4))),
  pan_seg_file_name: `panoptic_${file_name.replace("jpg", "png")}`,
  segments_info: annotations.map(([category_id], index) => ({
    id: 3648962 + index,
    category_id,
    iscrowd: 0,
    isthing: category_id < 80 ? 1 : 0,
    area: 42555,
  })),
  relations,
  annotations: annotations.map(([category_id, bbox]) => ({ bbox, bbox_mode: 0, category_id })),
});

/** psg.json as it is published, small: 2 images for training, 2 for testing; 2 without a relation. */
export const psgJson = () => ({
  data: [
    entry(
      "107902",
      "train2017/000000417720.jpg",
      [48, 64],
      [
        [person, [5, 16, 21, 62]],
        [person, [26, 16, 40, 63]],
        [umbrella, [16, 8, 47, 28]],
        [tree, [0, 0, 48, 13]],
        [grass, [0, 28.5, 48, 64]],
      ],
      [
        [0, 1, 2],
        [0, 4, 14],
        [1, 2, 21],
        [0, 1, 2],
        [0, 1, 23],
      ],
    ),
    entry("2", "val2017/000000000139.jpg", [64, 48], [[person, [1, 2, 70, 48]]], []),
    entry("3", "train2017/000000000009.jpg", [64, 48], [[tree, [0, 0, 64, 20]]], []),
    entry(
      "4",
      "val2017/000000000285.jpg",
      [64, 48],
      [
        [person, [0, 0, 10, 20]],
        [grass, [0, 20, 64, 48]],
      ],
      [
        [0, 1, 14],
        [0, 1, 14],
      ],
    ),
  ],
  thing_classes: psg.objects.slice(0, 80),
  stuff_classes: psg.objects.slice(80),
  predicate_classes: psg.predicates,
  test_image_ids: ["2", "4"],
});

/** The raw files of PSG in a folder of their own, to be spoilt at will, with plain images. */
export async function psgFiles(
  json: unknown = psgJson(),
): Promise<PsgOptions & { readonly folder: string }> {
  const folder = await temporaryFolder();
  for (const part of ["train2017", "val2017"])
    await mkdir(join(folder, "coco", part), { recursive: true });
  for (const { file_name, width, height } of psgJson().data)
    await plainImage(join(folder, "coco"), file_name, [width, height]);
  await writeFile(join(folder, "psg.json"), typeof json === "string" ? json : JSON.stringify(json));
  return {
    folder,
    psg: join(folder, "psg.json"),
    images: [join(folder, "coco")],
    splits: ["train", "test"],
    relations: false,
    duplicates: "triplets",
    seed: 0,
    sizes: "measured",
  };
}
