import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { checkImages, imageArchitecture } from "../../../src/launch/slurm/image-architecture.ts";
import { profileOf } from "../../helpers/slurm-plans.ts";
import { errorOf } from "../run-folder.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "r1sgg-sif-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A file with the header of a SIF, as sylabs/sif lays it out; the rest is not looked at. */
function sif(code: string): string {
  const path = join(folder, `${code}.sif`);
  const launcher = "#!/usr/bin/env run-singularity\n".padEnd(32, "\0");
  writeFileSync(path, `${launcher}SIF_MAGIC\x0001\0${code}\0${"\0".repeat(80)}`);
  return path;
}

it.each([
  ["02", "x86_64"],
  ["04", "aarch64"],
  ["00", undefined],
])("a SIF with code %s is for %s", async (code, architecture) => {
  expect(await imageArchitecture(sif(code))).toBe(architecture);
});

it("a file of another format tells nothing, nor does one that is not there", async () => {
  const path = join(folder, "image.sqsh");
  writeFileSync(path, "hsqs");
  expect(await imageArchitecture(path)).toBeUndefined();
  expect(await imageArchitecture(join(folder, "none"))).toBeUndefined();
});

it("images for other nodes are refused before a job is submitted, those of a registry pass", async () => {
  const images = { worker: sif("04"), sampler: sif("02"), reward: "docker://registry/reward:1" };
  const profile = profileOf({ runtime: { kind: "apptainer", images } });
  expect(await errorOf(checkImages(profile))).toMatchObject({
    code: "PLAN",
    message: expect.stringMatching(/^Cannot use image ".*04.sif" .* for aarch64, expected x86_64/),
  });
  const right = { ...images, worker: sif("02") };
  await checkImages(profileOf({ runtime: { kind: "apptainer", images: right } }));
});
