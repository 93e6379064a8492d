import { join } from "node:path";
import { execa } from "execa";
import { type Dataset, File, ready } from "h5wasm/node";
import { describe, expect, it } from "vitest";
import { ensureOracle } from "../../helpers/oracle.ts";
import { temporaryFolder } from "../rows-file.ts";
import { annotated, fixture, readJson } from "./vg150-files.ts";

/** Everything in an HDF5 file: kind, shape and values of each data set. */
async function contentOf(path: string): Promise<Readonly<Record<string, unknown>>> {
  await ready;
  const file = new File(path, "r");
  const entries = file.keys().map((name) => {
    const dataset = file.get(name) as Dataset;
    const values = Array.from(dataset.value as ArrayLike<number | bigint>, Number);
    return [name, { dtype: dataset.dtype, shape: dataset.shape, values }] as const;
  });
  file.close();
  return Object.fromEntries(entries);
}

describe("the committed VG-SGG-with-attri.h5", () => {
  it("has the data sets, kinds and shapes of the published file", async () => {
    const content = await contentOf(fixture("VG-SGG-with-attri.h5"));
    const objects = (await annotated()).flatMap((image) => image.objects).length;
    const relations = (await annotated()).flatMap((image) => image.relations).length;
    const list = { dtype: "<i", shape: [(await annotated()).length] };
    const boxes = { dtype: "<i", shape: [objects, 4] };
    expect(content).toEqual({
      // a Boolean of h5py is an enumeration, for which the library has no short name
      active_object_mask: expect.objectContaining({ shape: [objects, 1] }),
      attributes: expect.objectContaining({ dtype: "<q", shape: [objects, 10] }),
      boxes_1024: expect.objectContaining(boxes),
      boxes_512: expect.objectContaining(boxes),
      img_to_first_box: expect.objectContaining(list),
      img_to_first_rel: expect.objectContaining(list),
      img_to_last_box: expect.objectContaining(list),
      img_to_last_rel: expect.objectContaining(list),
      labels: expect.objectContaining({ dtype: "<q", shape: [objects, 1] }),
      predicates: expect.objectContaining({ dtype: "<q", shape: [relations, 1] }),
      relationships: expect.objectContaining({ dtype: "<i", shape: [relations, 2] }),
      split: expect.objectContaining(list),
    });
  });

  it("holds annotations.json, encoded as the public tool encodes it", async () => {
    const images = await annotated();
    const dicts = await readJson<Record<string, Record<string, number>>>(
      fixture("VG-SGG-dicts-with-attri.json"),
    );
    const valuesOf = async (name: string) => {
      const content = await contentOf(fixture("VG-SGG-with-attri.h5"));
      return (content[name] as { values: number[] }).values;
    };
    const names = images.flatMap(({ objects }) => objects.map(([name]) => name));
    expect(await valuesOf("labels")).toEqual(names.map((name) => dicts.label_to_idx![name]));
    const predicates = images.flatMap(({ relations }) => relations.map(([, name]) => name));
    expect(await valuesOf("predicates")).toEqual(
      predicates.map((name) => dicts.predicate_to_idx![name]),
    );
    const boxes = images.flatMap(({ width, height, objects }) =>
      objects.flatMap(([, x, y, w, h]) => {
        const scale = 1024 / Math.max(width, height);
        const [left, top] = [Math.floor(scale * (x - 1)), Math.floor(scale * (y - 1))];
        const [wide, high] = [
          Math.min(Math.ceil(scale * w), 1024 - left),
          Math.min(Math.ceil(scale * h), 1024 - top),
        ];
        return [left + Math.floor(wide / 2), top + Math.floor(high / 2), wide, high];
      }),
    );
    expect(await valuesOf("boxes_1024")).toEqual(boxes);
  });

  it("is what make.py writes with h5py", async () => {
    const folder = await temporaryFolder();
    await execa(await ensureOracle(), [fixture("make.py"), folder]);
    for (const name of ["VG-SGG-with-attri.h5"])
      expect(await contentOf(join(folder, name))).toEqual(await contentOf(fixture(name)));
    expect(await readJson(join(folder, "image_data.json"))).toEqual(
      await readJson(fixture("image_data.json")),
    );
  });
});
