import { access, readFile, realpath, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { SggError } from "../../errors.ts";
import { buildOnce } from "./build-once.ts";
import { findPython, type Interpreter } from "./interpreter.ts";
import { lockKey } from "./lock-key.ts";
import { installPackages, uvEnvironment } from "./packages.ts";
import { runTool } from "./run-tool.ts";
import type { Setup } from "./setup.ts";
import { ensureUv } from "./uv.ts";
import { uvFailure } from "./uv-failure.ts";

/** A virtual environment that follows from its lock. */
export interface EnvironmentSpec {
  /** First part of the folder's name, for example "cpu". */
  readonly name: string;
  readonly what: string;
  readonly lock: string;
  /** Other files that it follows from. */
  readonly with: readonly string[];
  readonly bytes: number;
  readonly needsNuma: boolean;
  /** A module that completes it, run by its own interpreter, and where that is found. */
  readonly finish?: { readonly module: string; readonly pythonPath: string };
}

/**
 * The folder of the environment, built on first need in the cache, under the hash of its lock.
 *
 * The stamp is written last: without one the build was cut off, and goes on from where it was.
 *
 * @throws {SggError} LAUNCH
 */
export async function ensureEnvironment(spec: EnvironmentSpec, setup: Setup): Promise<string> {
  const base = await findPython(setup.signal);
  if (spec.needsNuma && !base.numa) throw noNuma();
  const folder = await folderOf(spec, base, setup);
  await buildOnce(
    folder,
    spec.what,
    setup,
    () => isComplete(folder),
    () => build(spec, folder, base, setup),
  );
  return folder;
}

/** The folder of the environment if it is complete; nothing is built. */
export async function findEnvironment(
  spec: EnvironmentSpec,
  setup: Pick<Setup, "cache" | "signal">,
): Promise<string | undefined> {
  const folder = await folderOf(spec, await findPython(setup.signal), setup);
  return (await isComplete(folder)) ? folder : undefined;
}

const folderOf = async (
  spec: EnvironmentSpec,
  base: Interpreter,
  { cache }: Pick<Setup, "cache">,
): Promise<string> =>
  join(
    cache,
    "python",
    `${spec.name}-${await lockKey([spec.lock, ...spec.with])}-py${base.version}`,
  );

async function build(
  spec: EnvironmentSpec,
  folder: string,
  base: Interpreter,
  setup: Setup,
): Promise<void> {
  setup.say(`installing ${spec.what} for Python ${base.version} into ${folder} (once)`);
  const uv = await ensureUv(base, setup);
  const python = join(folder, "bin", "python");
  const isVenv = [python, "-c", "import sys; sys.exit(sys.prefix == sys.base_prefix)"];
  const stamp = join(folder, ".complete");
  const wasComplete = await access(stamp).then(
    () => true,
    () => false,
  );
  await rm(stamp, { force: true });
  if (wasComplete || !(await runTool(base.path, isVenv, {}, setup)).ok) {
    const argv = [uv, "venv", "--clear", "--python", base.path, folder];
    const end = await runTool(base.path, argv, uvEnvironment(setup.cache), setup);
    if (!end.ok) throw uvFailure(spec.what, end.lines);
  }
  const { what, lock, bytes } = spec;
  await installPackages({ what, lock, bytes, uv, python }, setup);
  if (spec.finish) await finish(python, spec.finish, setup);
  await writeFile(`${stamp}.new`, await realpath(python));
  await rename(`${stamp}.new`, stamp);
}

async function finish(
  python: string,
  { module, pythonPath }: NonNullable<EnvironmentSpec["finish"]>,
  setup: Setup,
): Promise<void> {
  const argv = [python, "-m", module];
  const { ok, lines } = await runTool(python, argv, { PYTHONPATH: pythonPath }, setup);
  if (ok) return;
  throw new SggError(
    "LAUNCH",
    `Cannot complete the Python environment: ${module} said "${lines.at(-1) ?? ""}", expected exit 0`,
  );
}

/** A stamp whose interpreter has gone, or has become another, is worth nothing. */
async function isComplete(folder: string): Promise<boolean> {
  const stamped = await readFile(join(folder, ".complete"), "utf8").catch(() => undefined);
  const interpreter = await realpath(join(folder, "bin", "python")).catch(() => undefined);
  return interpreter !== undefined && interpreter === stamped;
}

const noNuma = (): SggError =>
  new SggError(
    "LAUNCH",
    "Cannot use vLLM on this CPU: libnuma.so.1 not found, expected the system's package for it " +
      "(Debian, Ubuntu: apt-get install libnuma1; Fedora, RHEL: dnf install numactl-libs)",
  );
