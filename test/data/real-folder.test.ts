import { access, mkdir, readFile, symlink } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { loadDataset } from "../../src/data/load.ts";
import { createDataset } from "../../src/data/output/dataset.ts";
import { realFolder } from "../../src/data/real-folder.ts";
import { writeTrainingRows } from "../../src/data/training-rows.ts";
import { plainImage, row, temporaryFolder } from "./rows-file.ts";

/** A home with `scratch`, a link to a folder that lies deeper elsewhere, as on clusters. */
async function cluster() {
  const folder = await temporaryFolder();
  await mkdir(join(folder, "home"));
  await mkdir(join(folder, "disk/users/me"), { recursive: true });
  await symlink(join(folder, "disk/users/me"), join(folder, "home/scratch"));
  await plainImage(join(folder, "home"), "x.png", [40, 30]);
  return { folder, home: join(folder, "home"), image: join(folder, "home/x.png") };
}

it("follows links, also those above a folder that is not there yet", async () => {
  const { folder, home } = await cluster();
  expect(await realFolder(join(home, "scratch"))).toBe(join(folder, "disk/users/me"));
  expect(await realFolder(join(home, "scratch/a/b"))).toBe(join(folder, "disk/users/me/a/b"));
});

it("lets the system find the images of training rows that were written through a link", async () => {
  const { home, image } = await cluster();
  const out = join(home, "scratch/run");
  const rows = [{ ...row, image_path: image }] as never;
  await writeTrainingRows({ rows, out, system: "s", prompt: "p", think: "none" });
  const [written] = await loadLines(join(out, "sft.jsonl"));
  await access(`${out}/${written?.image_path}`); // as Python does: the system goes up, not `join`
});

it.each(["jsonl", "parquet"] as const)(
  "finds images by a path that goes up, through a link: %s",
  async (format) => {
    const { folder, home, image } = await cluster();
    const real = join(folder, "disk/users/me");
    const output = await createDataset({ folder: real, set: "train", format, fields: [] });
    await output.write({ ...row, image_path: image } as never);
    await output.finish();
    await output.close();
    const [read] = await loadDataset(join(home, "scratch"), { images: true });
    expect(read?.image_path).toBe(image);
  },
);

async function loadLines(path: string) {
  const lines = (await readFile(path, "utf8")).trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line) as { image_path: string });
}
