import { afterAll, beforeAll, expect } from "vitest";
import { requires } from "../requires.ts";
import { type Engine, startEngine } from "./engine.ts";
import { importLightBase, lightBase } from "./light-base.ts";

const needing = requires("docker");

needing.describe("an engine of the tests' own", () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine({ nvidia: true });
    await importLightBase(engine.docker);
  });
  afterAll(() => engine?.close());

  needing.it(
    "runs a container, and has it still after dockerd was killed and started again",
    async () => {
      const { docker } = engine;
      const container = await docker.createContainer({
        Image: lightBase,
        Cmd: ["node", "-e", "console.log(process.version, process.env.NVIDIA_VISIBLE_DEVICES)"],
        HostConfig: {
          NetworkMode: "host",
          DeviceRequests: [
            { Driver: "", Count: 0, DeviceIDs: ["1", "3"], Capabilities: [["gpu"]] },
          ],
        },
      });
      await container.start();
      expect(await container.wait()).toMatchObject({ StatusCode: 0 });
      const log = await container.logs({ stdout: true });
      expect(log.toString()).toContain(`${process.version} 1,3`);
      await engine.kill();
      await engine.start();
      expect(await docker.listContainers({ all: true })).toHaveLength(1);
    },
  );
});
