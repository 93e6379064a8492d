import { delimiter, join } from "node:path";
import { expect, inject, it, onTestFinished, vi } from "vitest";
import { ensurePythonEnv, findPythonEnv } from "../../src/launch/python-env.ts";
import { shipped } from "../../src/root.ts";
import { requires } from "../helpers/requires.ts";

const say = expect.unreachable;

function given(folder: string): void {
  vi.stubEnv("R1SGG_PYTHON_ENV", folder);
  onTestFinished(() => void vi.unstubAllEnvs());
}

requires("python").it(
  "uses R1SGG_PYTHON_ENV as it is, and gives what the worker needs",
  async () => {
    const folder = inject("pythonEnv")!.env.VIRTUAL_ENV!;
    given(folder);
    const { python, env } = await ensurePythonEnv({ device: "cuda", say });
    expect(python).toBe(join(folder, "bin/python"));
    expect(env).toMatchObject({
      VIRTUAL_ENV: folder,
      PYTHONPATH: shipped("containers/worker/src"),
    });
    expect(env.PATH?.split(delimiter)[0]).toBe(join(folder, "bin"));
  },
);

requires("python").it("finds the environment that is built, and builds nothing", async () => {
  expect(await findPythonEnv("cpu")).toEqual(inject("pythonEnv"));
});

it("refuses an R1SGG_PYTHON_ENV that is no environment", async () => {
  given("/nowhere");
  await expect(ensurePythonEnv({ device: "cpu", say })).rejects.toMatchObject({
    code: "LAUNCH",
    message:
      'Cannot use R1SGG_PYTHON_ENV "/nowhere": found no /nowhere/bin/python, expected a virtual environment',
  });
});
