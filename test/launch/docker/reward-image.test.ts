import { afterAll, beforeAll, expect, it } from "vitest";
import { containersBuildCommand } from "../../../src/cli/containers-build.ts";
import { containersListCommand } from "../../../src/cli/containers-list.ts";
import { freePort } from "../../../src/launch/ports.ts";
import { version } from "../../../src/version.ts";
import { runCommand } from "../../cli/run-command.ts";
import { type Engine, startEngine } from "../../helpers/docker/engine.ts";
import { importLightBase, lightBase } from "../../helpers/docker/light-base.ts";
import { requires } from "../../helpers/requires.ts";
import { eventually } from "../run-folder.ts";

const needing = requires("docker");

needing.describe("the reward image, of the packed package", () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine();
    await importLightBase(engine.docker);
    process.env.DOCKER_HOST = engine.host;
  });
  afterAll(async () => {
    delete process.env.DOCKER_HOST;
    await engine?.close();
  });

  it("is built by the command line, serves rewards to whom it should as nobody, and is well", async () => {
    const built = await runCommand(containersBuildCommand, "reward", "--base", lightBase, "--json");
    expect(built.error).toBeUndefined();
    const [{ reference, id }] = JSON.parse(built.stdout);
    expect(reference).toBe(`r1sgg/reward:${version}`);
    const listed = await runCommand(containersListCommand, "--json");
    expect(JSON.parse(listed.stdout)).toMatchObject([
      { image: "reward", reference, id, base: lightBase },
    ]);

    const port = await freePort();
    const container = await engine.docker.createContainer({
      Image: reference,
      Cmd: ["r1sgg", "reward", "serve", "--port", String(port)],
      Env: [`R1SGG_HEALTH=http://127.0.0.1:${port}/ready`],
      Healthcheck: { Interval: 1e9 },
      HostConfig: { NetworkMode: "host" },
    });
    await container.start();
    const url = `http://127.0.0.1:${port}`;
    await eventually(
      "it is ready",
      async () =>
        fetch(`${url}/ready`).then(
          ({ ok }) => ok,
          () => false,
        ),
      60_000,
    );
    const answer = await fetch(`${url}/v1/rewards`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        completions: ["<think>\nno\n</think>\n<answer>\nnonsense\n</answer>"],
        targets: [{ image_id: "1", width: 10, height: 10, objects: [], relationships: [] }],
      }),
    });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({
      profile: "release",
      outcomes: [{ parsed: false }],
    });
    await eventually(
      "it is healthy",
      async () => (await container.inspect()).State.Health?.Status === "healthy",
      60_000,
    );
    const { Config } = await container.inspect();
    expect(Config.User).toBe("10001:10001");
    expect(Config.Labels["org.opencontainers.image.version"]).toBe(version);
    await container.stop({ t: 10 });
    expect((await container.inspect()).State.ExitCode).toBe(0);
  }, 300_000);
});
