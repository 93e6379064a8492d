import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, inject, it, onTestFinished } from "vitest";
import { pythonStack } from "../../src/launch/python-stack.ts";
import { gpuText, writeFacts } from "../../src/launch/run-facts.ts";
import { requires } from "../helpers/requires.ts";

const folder = async () => {
  const path = await mkdtemp(join(tmpdir(), "r1sgg-facts-"));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
};
const read = async (path: string) => JSON.parse(await readFile(join(path, "facts.json"), "utf8"));

describe("writeFacts", () => {
  it("says on what a run without Python ran", async () => {
    const path = await folder();
    await writeFacts({ device: "cpu" }, path, {});
    expect(await read(path)).toEqual({
      stack: {},
      hardware: expect.stringMatching(/^\d+ × ./),
      // of a clone its commit
      code: expect.stringMatching(/^r1sgg \d+\.\d+\.\d+( [0-9a-f]{8,}(-dirty)?)?, node \d+/),
    });
  });

  requires("python").it("lists the packages that numbers hang on", async () => {
    const path = await folder();
    await writeFacts({ device: "cpu" }, path, await pythonStack(inject("pythonEnv")!));
    const { stack } = await read(path);
    expect(Object.keys(stack)).toEqual(expect.arrayContaining(["python", "torch", "trl", "vllm"]));
    expect(stack.trl).toMatch(/^\d+\.\d+/);
  });
});

it("counts GPUs of one name together", () => {
  const line = (i: number, name: string) => `GPU ${i}: ${name} (UUID: GPU-${i})`;
  const lines = [line(0, "NVIDIA A100"), line(1, "NVIDIA A100"), line(2, "NVIDIA H100")];
  expect(gpuText(lines)).toBe("2 × NVIDIA A100, 1 × NVIDIA H100");
});
