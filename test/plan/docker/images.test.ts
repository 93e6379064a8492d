import { describe, expect, it } from "vitest";
import { toApptainerDefinition } from "../../../src/plan/docker/apptainer-definition.ts";
import { toDockerfile } from "../../../src/plan/docker/dockerfile.ts";
import type { ImageDefinition } from "../../../src/plan/docker/image.ts";
import { images } from "../../../src/plan/docker/images.ts";
import { edfText } from "../../../src/plan/runtime/edf.ts";
import { edfHooks } from "../../../src/recipe/edf-hooks.ts";

const all: readonly ImageDefinition[] = Object.values(images);
const containers = (path: string): string => `../../../containers/${path}`;
const sqsh = `\${SCRATCH}/ce-images/r1sgg`; // filled in by the engine

describe("the image definitions", () => {
  it.each(all.map((image) => [image.name, image] as const))(
    "give containers/%s as it is in the repository",
    async (name, image) => {
      const base = image.base.cuda ?? image.base.cpu ?? "";
      const version = "0.1.0";
      const definition = toApptainerDefinition(image, { variant: "cuda", base, version });
      const dockerfile = toDockerfile(image, { buildkit: true });
      await expect(dockerfile).toMatchFileSnapshot(containers(`${name}/Dockerfile`));
      await expect(definition).toMatchFileSnapshot(containers(`${name}/apptainer.def`));
    },
  );

  it.each(["cuda", "alps"] as const)(
    "give the EDF of the sampler for %s images",
    async (variant) => {
      const images = { reward: "", sampler: `${sqsh}-sampler-${variant}.sqsh`, worker: "" };
      const runtime = {
        kind: "edf",
        images,
        mounts: [],
        writable: true,
        ...edfHooks[variant],
      } as const;
      const mounts = [{ from: "/capstor", to: null, read_only: false }];
      const text = edfText(runtime, "sampler", "/capstor/runs", mounts);
      await expect(text).toMatchFileSnapshot(containers(`sampler/edf-${variant}.toml`));
    },
  );

  it("let sampler and worker share the layer of the Python environment", () => {
    const [sampler, worker] = [images.sampler, images.worker].map((image) =>
      toDockerfile(image, { buildkit: true }).split("\n\n"),
    );
    const environment = worker?.findIndex((block) => block.includes("uv pip sync")) ?? 0;
    expect(environment).toBeGreaterThan(0);
    expect(sampler?.slice(1, environment + 1)).toEqual(worker?.slice(1, environment + 1));
  });

  it("need no BuildKit where it is not there, and leave no caches in the layer then", () => {
    for (const image of all) {
      const text = toDockerfile(image, { buildkit: false });
      expect(text).not.toContain("--mount");
      expect(text).toMatch(/rm -rf \/root\/\./);
    }
  });

  it("run nothing as root", () => {
    for (const image of all)
      expect(toDockerfile(image, { buildkit: true })).toMatch(/^USER 10001:10001$/m);
  });
});
