import { join } from "node:path";
import { execa } from "execa";
import { expect } from "vitest";
import { ensurePythonTools } from "../../../src/launch/python-env.ts";
import { toDockerfile } from "../../../src/plan/docker/dockerfile.ts";
import { images } from "../../../src/plan/docker/images.ts";
import { requires } from "../../helpers/requires.ts";

const needing = requires("python");

needing.describe("hadolint", () => {
  needing.it("has nothing to say of the Dockerfiles, for BuildKit or without it", async () => {
    const tools = await ensurePythonTools({ say: () => undefined });
    const texts = Object.values(images).flatMap((image) =>
      [true, false].map((buildkit) => toDockerfile(image, { buildkit })),
    );
    for (const input of texts) {
      const { stdout } = await execa(join(tools, "bin", "hadolint"), ["-"], {
        input,
        reject: false,
      });
      expect(stdout, input).toBe("");
    }
  });
});
