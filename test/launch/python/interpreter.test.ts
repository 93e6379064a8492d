import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import { ensureEnvironment } from "../../../src/launch/python/environment.ts";
import { findPython } from "../../../src/launch/python/interpreter.ts";

const { signal } = new AbortController();

/** A folder with programs that answer as a Python would, or fail; PATH is this folder alone. */
async function pythons(scripts: Readonly<Record<string, string>>) {
  const folder = await mkdtemp(join(tmpdir(), "r1sgg-pythons-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, script] of Object.entries(scripts)) {
    await writeFile(join(folder, name), `#!/bin/sh\n${script}\n`);
    await chmod(join(folder, name), 0o755);
  }
  return { folder, env: { PATH: folder } };
}

const answer = (version: readonly number[], more = {}): string =>
  `echo '${JSON.stringify({ path: `/opt/${version.join(".")}`, version, numa: true, kind: "CPython", threaded: false, ...more })}'`;
const shim = 'echo "pyenv: python3: command not found" >&2; exit 127';

it("passes over a shim that does not run, and versions outside the range", async () => {
  const { env } = await pythons({
    python3: shim,
    "python3.13": answer([3, 15]),
    "python3.12": answer([3, 12], { threaded: true }),
    "python3.11": answer([3, 11]),
  });
  expect(await findPython(signal, env)).toEqual({ path: "/opt/3.11", version: "3.11", numa: true });
});

it("says what it found instead of a Python that fits", async () => {
  const { env } = await pythons({ python3: answer([3, 9]), "python3.12": shim });
  await expect(findPython(signal, env)).rejects.toMatchObject({
    code: "LAUNCH",
    message:
      "Cannot find a Python: found CPython 3.9 (/opt/3.9), no python3.13, " +
      "python3.12 that does not run (pyenv: python3: command not found), no python3.11, no python3.14, no python, " +
      "expected CPython >=3.11,<3.15 on PATH or in R1SGG_PYTHON",
  });
});

it("takes R1SGG_PYTHON and no other", async () => {
  const { folder, env } = await pythons({ python3: answer([3, 12]), mine: answer([3, 10]) });
  const mine = { ...env, R1SGG_PYTHON: join(folder, "mine") };
  await expect(findPython(signal, mine)).rejects.toThrow(
    "Cannot find a Python: found CPython 3.10 (/opt/3.10), expected CPython >=3.11,<3.15 in R1SGG_PYTHON",
  );
});

it("refuses a machine without libnuma before it installs anything, and says how to mend it", async () => {
  const { folder } = await pythons({ python3: answer([3, 12], { numa: false }) });
  vi.stubEnv("R1SGG_PYTHON", join(folder, "python3"));
  onTestFinished(() => void vi.unstubAllEnvs());
  const spec = { name: "x", what: "x", lock: "/nowhere", with: [], bytes: 0, needsNuma: true };
  const setup = { cache: folder, say: expect.unreachable, signal, freeBytes: async () => 0 };
  await expect(ensureEnvironment(spec, setup)).rejects.toMatchObject({
    code: "LAUNCH",
    message: expect.stringContaining("libnuma.so.1 not found, expected the system's package"),
  });
});
