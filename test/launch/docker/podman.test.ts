import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { connect } from "../../../src/launch/docker/engine.ts";
import { type DockerSettings, launchOnDocker } from "../../../src/launch/docker/launch.ts";
import { findContainers } from "../../../src/launch/docker/sweep.ts";
import { lookAtEngine } from "../../../src/launch/doctor/engine.ts";
import { importLightBase } from "../../helpers/docker/light-base.ts";
import { type Podman, startPodman } from "../../helpers/docker/podman.ts";
import { lightImages, tinyPlan, tinyRecipe } from "../../helpers/docker/tiny-plan.ts";
import { requires } from "../../helpers/requires.ts";
import { errorOf, runFolder } from "../run-folder.ts";

requires("podman").describe("an engine that is Podman in disguise", () => {
  let podman: Podman;
  beforeAll(async () => {
    podman = await startPodman();
    await importLightBase(podman.docker);
  });
  afterAll(() => podman?.close());

  const tell = { update: () => undefined, end: () => undefined, say: () => undefined };
  const settings = (): DockerSettings => ({
    ...{ host: podman.host, variant: "cpu", images: lightImages, whenMissing: "fail", user: null },
    ...{
      mounts: [],
      limits: { shmMib: null, memlock: null },
      secrets: [],
      env: {},
      graceMs: 60_000,
    },
  });

  it("is found out", async () => {
    expect(await connect(podman.host)).toMatchObject({ kind: "podman", hasBuildkit: false });
    process.env.DOCKER_HOST = podman.host;
    onTestFinished(() => {
      delete process.env.DOCKER_HOST;
    });
    expect(await lookAtEngine()).toContainEqual(
      expect.objectContaining({
        ...{ name: "engine", level: "warning", found: expect.stringMatching(/^Podman \d/) },
        mend: expect.stringContaining("GPU runs need a Docker engine"),
      }),
    );
  });

  it("is refused for GPUs, which it would leave out without a word", async () => {
    const { dir } = runFolder();
    const run = launchOnDocker(
      tinyPlan({ gpus: [0, 1] }),
      tinyRecipe,
      { runDir: dir, runsDir: dir },
      settings(),
      tell,
    );
    expect(await errorOf(run)).toMatchObject({
      code: "LAUNCH",
      message: expect.stringMatching(
        /^Cannot use GPUs 0, 1 on ".*": it is Podman [\d.]+, .* expected a Docker engine/,
      ),
    });
  });

  it("runs on CPU, and leaves nothing", async () => {
    const { dir } = runFolder();
    await launchOnDocker(tinyPlan(), tinyRecipe, { runDir: dir, runsDir: dir }, settings(), tell);
    expect(readFileSync(join(dir, "answer.txt"), "utf8")).toBe("ok");
    expect(await findContainers(podman.host)).toEqual([]);
  });
});
