import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, inject, onTestFinished, vi } from "vitest";
import { ensureUv } from "../../../src/launch/python/uv.ts";
import { requires } from "../../helpers/requires.ts";

/** An interpreter whose pip and venv are replaced by a script, in a folder that is first on PATH. */
async function machine(withoutPip: string) {
  const folder = await mkdtemp(join(tmpdir(), "r1sgg-uv-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  onTestFinished(() => void vi.unstubAllEnvs());
  const program = async (name: string, script: string): Promise<string> => {
    await writeFile(join(folder, name), `#!/bin/sh\n${script}\n`);
    await chmod(join(folder, name), 0o755);
    return join(folder, name);
  };
  const real = inject("pythonEnv")!.python;
  const path = await program("python", `${withoutPip}\nexec "${real}" "$@"`);
  vi.stubEnv("PATH", `${folder}:/usr/bin:/bin`);
  const setup = {
    cache: join(folder, "cache"),
    say: () => undefined,
    signal: new AbortController().signal,
    freeBytes: async () => 0,
  };
  return { program, setup, python: { path, version: "3.11", numa: true } };
}

const noModule = '[ "$1" = -m ] && { echo "No module named $2" >&2; exit 1; }';

requires("python").describe("ensureUv", () => {
  const { it } = requires("python");

  it("takes a uv on PATH where Python has neither pip nor venv", async () => {
    const { program, setup, python } = await machine(noModule);
    await program("uv", "echo uv 0.99");
    expect(await ensureUv(python, setup)).toBe("uv");
  });

  it("says what to install where there is no way to get uv", async () => {
    const { program, setup, python } = await machine(noModule);
    await program("uv", "exit 1");
    await expect(ensureUv(python, setup)).rejects.toMatchObject({
      code: "LAUNCH",
      message: expect.stringMatching(/has neither pip nor venv, .*apt-get install python3-venv/),
    });
  });

  it("says that pip found no network", async () => {
    const { program, setup, python } = await machine("");
    await program("uv", "exit 1");
    vi.stubEnv("PIP_INDEX_URL", "http://127.0.0.1:9/simple");
    vi.stubEnv("PIP_FIND_LINKS", "");
    await expect(ensureUv(python, setup)).rejects.toMatchObject({
      code: "LAUNCH",
      message: expect.stringMatching(/^Cannot download "uv": pip said ".+", expected a network/),
    });
  });
});
