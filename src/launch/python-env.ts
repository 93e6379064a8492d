import { access, statfs } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { SggError } from "../errors.ts";
import { shipped } from "../root.ts";
import { cacheFolder } from "./cache-folder.ts";
import { type EnvironmentSpec, ensureEnvironment, findEnvironment } from "./python/environment.ts";
import type { Setup } from "./python/setup.ts";
import { ensureFolder } from "./python/tools-folder.ts";

/** An interpreter with the locked packages, and what a process needs to run the worker with it. */
export interface PythonEnv {
  readonly python: string;
  readonly env: Readonly<Record<string, string>>;
}

/** For whom an environment is made, and how the wait is told and cut short. */
export interface PythonEnvOptions {
  readonly say: (text: string) => void;
  readonly signal?: AbortSignal;
}

const worker = (path: string): string => shipped(`containers/worker/${path}`);

/** Room measured for cpu: 5.6 GB of environment and uv's cache, linked; estimated for cuda. */
const specs = {
  cpu: {
    name: "cpu",
    what: "the Python packages (cpu)",
    lock: worker("requirements-cpu.txt"),
    with: [worker("overrides-cpu.txt")],
    bytes: 7e9,
    needsNuma: true,
    finish: { module: "r1sgg_worker.vllm_metadata", pythonPath: worker("src") },
  },
  cuda: {
    name: "cuda",
    what: "the Python packages (cuda)",
    lock: worker("requirements-cuda.txt"),
    with: [],
    bytes: 15e9,
    needsNuma: false,
  },
} as const satisfies Record<string, EnvironmentSpec>;

/**
 * The locked Python environment of the worker, built in the user's cache on first need.
 *
 * `R1SGG_PYTHON_ENV` names one that is there already, in a container for example, to use as it is.
 *
 * @throws {SggError} LAUNCH with what is missing: Python, network, room, libnuma
 */
export async function ensurePythonEnv(
  options: PythonEnvOptions & { readonly device: "cpu" | "cuda" },
): Promise<PythonEnv> {
  const given = process.env.R1SGG_PYTHON_ENV;
  if (!given) return worked(await ensureEnvironment(specs[options.device], machineSetup(options)));
  await access(join(given, "bin", "python")).catch((cause) => {
    const found = `no ${join(given, "bin", "python")}`;
    throw new SggError(
      "LAUNCH",
      `Cannot use R1SGG_PYTHON_ENV "${given}": found ${found}, expected a virtual environment`,
      { cause },
    );
  });
  return worked(given);
}

/**
 * The environment if it is there already; nothing is built and nothing said.
 *
 * @throws {SggError} LAUNCH when there is no interpreter for it
 */
export async function findPythonEnv(device: "cpu" | "cuda"): Promise<PythonEnv | undefined> {
  const given = process.env.R1SGG_PYTHON_ENV;
  const folder =
    given || (await findEnvironment(specs[device], machineSetup({ say: () => undefined })));
  return folder === undefined ? undefined : worked(folder);
}

/** The folder with ruff, mypy and pytest for the worker's own checks, to put on PYTHONPATH. */
export const ensurePythonTools = async (options: PythonEnvOptions): Promise<string> =>
  ensureFolder(
    { name: "tools", what: "the Python tools", lock: worker("requirements-dev.txt"), bytes: 3e8 },
    machineSetup(options),
  );

/** The real machine: the user's cache, and the disk below it. */
export const machineSetup = ({
  say,
  signal = new AbortController().signal,
}: PythonEnvOptions): Setup => ({
  cache: cacheFolder(),
  say,
  signal,
  freeBytes: async (folder) => {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  },
});

const worked = (folder: string): PythonEnv => ({
  python: join(folder, "bin", "python"),
  env: {
    VIRTUAL_ENV: folder,
    PATH: [join(folder, "bin"), process.env.PATH ?? ""].join(delimiter),
    PYTHONPATH: worker("src"),
    PYTHONHOME: "", // the same as none
    // The same as none, whatever the user has set: without bytecode every start compiles torch,
    // TRL and vLLM again, which doubles it.
    PYTHONDONTWRITEBYTECODE: "",
  },
});
