import { access, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { expect, inject, onTestFinished, vi } from "vitest";
import { cacheFolder } from "../../../src/launch/cache-folder.ts";
import { type EnvironmentSpec, ensureEnvironment } from "../../../src/launch/python/environment.ts";
import type { Setup } from "../../../src/launch/python/setup.ts";
import { shipped } from "../../../src/root.ts";
import { requires } from "../../helpers/requires.ts";
import { type PackageIndex, packageIndex } from "./package-index.ts";

interface Scene {
  readonly index: PackageIndex;
  readonly spec: EnvironmentSpec;
  readonly said: readonly string[];
  readonly setup: Setup;
  /** The same build in a process of its own. */
  readonly inOwnProcess: () => ReturnType<typeof start>;
}

const start = (spec: EnvironmentSpec, cache: string) =>
  execa(
    process.execPath,
    [shipped("test/launch/python/build-environment.ts"), JSON.stringify(spec), cache],
    { reject: false, stdin: "ignore" },
  );

/** An empty cache that has only uv, and an index to install from. */
async function scene(more: Partial<Setup> = {}): Promise<Scene> {
  const beside = await mkdtemp(join(tmpdir(), "r1sgg-python-"));
  onTestFinished(() => rm(beside, { recursive: true, force: true }));
  onTestFinished(() => void vi.unstubAllEnvs());
  const cache = join(beside, "cache");
  await mkdir(cache);
  const ownUv = join(cacheFolder(), "uv");
  if (await exists(ownUv)) await symlink(ownUv, join(cache, "uv"));
  const index = await packageIndex(join(beside, "index"), inject("pythonEnv")!.python);
  for (const [name, value] of Object.entries(index.env)) vi.stubEnv(name, value);
  const spec = {
    name: "tiny",
    what: "two tiny packages",
    lock: index.lock,
    with: [],
    bytes: 5e9,
    needsNuma: false,
  };
  const said: string[] = [];
  const setup: Setup = {
    cache,
    say: (text) => said.push(text),
    signal: new AbortController().signal,
    freeBytes: async () => 9e9,
    ...more,
  };
  return { index, spec, said, setup, inOwnProcess: () => start(spec, cache) };
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
const imports = async (folder: string, modules: string): Promise<boolean> =>
  !(await execa(join(folder, "bin/python"), ["-c", `import ${modules}`], { reject: false })).failed;

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(20);
}

const processesOf = async (folder: string): Promise<readonly string[]> => {
  const { stdout } = await execa("ps", ["-eo", "args"]);
  return stdout.split("\n").filter((line) => line.includes(folder) && line.includes("pip sync"));
};

requires("python").describe("ensureEnvironment", () => {
  const { it } = requires("python");

  it("builds what the lock names, and the second time does and says nothing", async () => {
    const { index, spec, said, setup } = await scene();
    const folder = await ensureEnvironment(spec, setup);
    expect(folder).toMatch(/\/python\/tiny-[0-9a-f]{12}-py3\.\d+$/);
    expect(await imports(folder, "alpha, beta")).toBe(true);
    expect(said).toEqual([
      expect.stringMatching(/^installing two tiny packages for Python 3\.\d+ into .* \(once\)$/),
      expect.stringMatching(/^two tiny packages: prepared 2 packages/),
      expect.stringMatching(/^two tiny packages: installed 2 packages/),
    ]);
    index.close();
    await mkdir(`${folder}.lock`); // even if another process holds the lock
    expect(await ensureEnvironment(spec, setup)).toBe(folder);
    expect(said).toHaveLength(3);
  });

  it("takes another folder when the lock changes, or what it is read with", async () => {
    const { index, spec, setup } = await scene();
    const first = await ensureEnvironment(spec, setup);
    const overrides = join(setup.cache, "overrides.txt");
    await writeFile(overrides, "# none");
    const second = await ensureEnvironment({ ...spec, with: [overrides] }, setup);
    await writeFile(index.lock, (await readFile(index.lock, "utf8")).replace(/^beta.*\n/m, ""));
    const third = await ensureEnvironment(spec, setup);
    expect(new Set([first, second, third]).size).toBe(3);
    expect(await imports(third, "beta")).toBe(false);
  });

  it("lets one of two at once build while the other waits and says for what", async () => {
    const { index, inOwnProcess } = await scene();
    index.hold();
    const first = inOwnProcess();
    await until(() => index.downloads.length === 2);
    const second = inOwnProcess();
    const words = second.iterable({ from: "stderr" })[Symbol.asyncIterator]();
    expect((await words.next()).value).toBe(
      "waiting for another r1sgg that is installing two tiny packages (0 s)",
    );
    index.release();
    expect((await words.next()).done).toBe(true); // it builds nothing itself
    const [one, other] = await Promise.all([first, second]);
    expect([one.exitCode, other.exitCode]).toEqual([0, 0]);
    expect(other.stdout).toBe(one.stdout);
    expect(index.downloads).toHaveLength(2);
  });

  it("leaves no uv behind when killed by -9, and goes on from there the next time", async () => {
    const { index, spec, setup, inOwnProcess } = await scene();
    index.hold();
    const killed = inOwnProcess();
    await until(() => index.downloads.length === 2);
    expect(await processesOf(setup.cache)).toHaveLength(1);
    killed.kill("SIGKILL");
    await killed;
    await sleep(200);
    expect(await processesOf(setup.cache)).toEqual([]);
    index.release();
    const folder = await ensureEnvironment(spec, setup);
    expect(await imports(folder, "alpha, beta")).toBe(true);
  });

  it("stops at once, and its uv with it, when the run is interrupted", async () => {
    const interrupt = new AbortController();
    const { index, spec, setup } = await scene({ signal: interrupt.signal });
    index.hold();
    const building = ensureEnvironment(spec, setup);
    await until(() => index.downloads.length === 2);
    const reason = new Error("interrupted");
    interrupt.abort(reason);
    await expect(building).rejects.toBe(reason);
    expect(await processesOf(setup.cache)).toEqual([]);
  });

  it("builds again when the interpreter has vanished", async () => {
    const { spec, said, setup } = await scene();
    const folder = await ensureEnvironment(spec, setup);
    await rm(join(folder, "bin/python"));
    await symlink("/nowhere/python3", join(folder, "bin/python"));
    expect(await ensureEnvironment(spec, setup)).toBe(folder);
    expect(await imports(folder, "alpha, beta")).toBe(true);
    expect(said.filter((line) => line.startsWith("installing two"))).toHaveLength(2);
  });

  it("names the package that it cannot download without a network", async () => {
    const { index, spec, setup } = await scene();
    index.close();
    await expect(ensureEnvironment(spec, setup)).rejects.toMatchObject({
      code: "LAUNCH",
      message: expect.stringMatching(
        /^Cannot download "(alpha|beta)" of two tiny packages: Connection refused .*, expected a network connection$/,
      ),
    });
  });

  it("installs without a network what uv has downloaded before", async () => {
    const { index, spec, setup } = await scene();
    const folder = await ensureEnvironment(spec, setup);
    await rm(folder, { recursive: true });
    index.close();
    await ensureEnvironment(spec, setup);
    expect(await imports(folder, "alpha, beta")).toBe(true);
  });

  it("asks for room before it downloads anything", async () => {
    const { index, spec, setup } = await scene({ freeBytes: async () => 1.24e9 });
    await expect(ensureEnvironment(spec, setup)).rejects.toMatchObject({
      code: "LAUNCH",
      message: expect.stringMatching(
        /^Cannot install two tiny packages: 1\.2 GB free for "[^"]*", expected 5\.0 GB; make room, or set R1SGG_CACHE/,
      ),
    });
    expect(index.downloads).toEqual([]);
  });

  it("asks for no room when everything has been downloaded before", async () => {
    const { spec, setup } = await scene();
    await rm(await ensureEnvironment(spec, setup), { recursive: true });
    const full = { ...setup, freeBytes: async () => 1e9 };
    await expect(ensureEnvironment(spec, full)).resolves.toMatch(/tiny/);
  });

  it("runs the module that completes it, and is not complete without", async () => {
    const { spec, setup } = await scene();
    const module = join(setup.cache, "last_step.py");
    const finish = { module: "last_step", pythonPath: setup.cache };
    await writeFile(module, "raise SystemExit('no vllm here')");
    await expect(ensureEnvironment({ ...spec, finish }, setup)).rejects.toThrow(
      'Cannot complete the Python environment: last_step said "no vllm here", expected exit 0',
    );
    await writeFile(module, "import alpha, pathlib, sys; pathlib.Path(sys.prefix, 'ran').touch()");
    const folder = await ensureEnvironment({ ...spec, finish }, setup);
    expect(await exists(join(folder, "ran"))).toBe(true);
  });
});
