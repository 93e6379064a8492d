import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import sharp from "sharp";
import { type Vg150Options, vg150Filters } from "../../../src/data/prepare/vg150.ts";
import { temporaryFolder } from "../rows-file.ts";

/** A file of the fixture: what annotators drew, and the published files that follow from it. */
export const fixture = (name: string): string =>
  fileURLToPath(new URL(`../../fixtures/vg150/${name}`, import.meta.url));

/** An image as annotators drew it: boxes are x, y, width, height in pixels that count from 1. */
export interface Annotated {
  readonly image_id: number;
  readonly split: number;
  readonly width: number;
  readonly height: number;
  readonly objects: readonly (readonly [string, number, number, number, number])[];
  readonly relations: readonly (readonly [number, string, number])[];
}

/** A JSON file, as what it is said to be. */
export const readJson = async <T>(path: string): Promise<T> =>
  JSON.parse(await readFile(path, "utf8")) as T;

/** The annotations of the fixture. */
export const annotated = (): Promise<readonly Annotated[]> => readJson(fixture("annotations.json"));

/**
 * The raw files of VG150 in a folder of their own, to be spoilt at will, with plain images of the
 * annotated sizes: odd ids in VG_100K, even ones in VG_100K_2.
 */
export async function vg150Files(): Promise<Vg150Options & { readonly folder: string }> {
  const folder = await temporaryFolder();
  const names = ["VG-SGG-with-attri.h5", "VG-SGG-dicts-with-attri.json", "image_data.json"];
  for (const name of names) await copyFile(fixture(name), join(folder, name));
  const [h5, dicts, imageData] = names.map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  for (const place of ["VG_100K", "VG_100K_2"])
    await mkdir(join(folder, "images", place), { recursive: true });
  for (const { image_id, width, height } of await annotated()) {
    const place = image_id % 2 === 1 ? "VG_100K" : "VG_100K_2";
    const image = sharp({ create: { width, height, channels: 3, background: "#88aacc" } });
    await image.jpeg().toFile(join(folder, "images", place, `${image_id}.jpg`));
  }
  return {
    folder,
    h5,
    dicts,
    imageData,
    images: [join(folder, "images")],
    splits: ["train", "val", "test"],
    filters: { ...vg150Filters, validation: 2 },
    boxes: "whole",
    sizes: "measured",
  };
}

/** Changes a JSON file. */
export async function editJson<T>(path: string, edit: (value: T) => unknown): Promise<void> {
  await writeFile(path, JSON.stringify(edit(await readJson<T>(path))));
}
