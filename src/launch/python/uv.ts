import { access, constants, mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { SggError } from "../../errors.ts";
import { shipped } from "../../root.ts";
import { buildOnce } from "./build-once.ts";
import type { Interpreter } from "./interpreter.ts";
import { lockKey } from "./lock-key.ts";
import { runTool, type ToolEnd } from "./run-tool.ts";
import type { Setup } from "./setup.ts";

const lockPath = "containers/worker/requirements-uv.txt";

/**
 * The pinned uv from PyPI, installed by pip into the cache; a `uv` on PATH where that cannot be done.
 *
 * `pip --target` leaves the machine's own Python as it is, also where PEP 668 guards it.
 *
 * @throws {SggError} LAUNCH when there is no way to get one
 */
export async function ensureUv(python: Interpreter, setup: Setup): Promise<string> {
  const folder = join(setup.cache, "uv", await lockKey([shipped(lockPath)]));
  const uv = join(folder, "bin", "uv");
  let own = uv;
  await buildOnce(
    folder,
    "uv",
    setup,
    async () => isProgram(uv),
    async () => {
      setup.say("installing uv, which installs the Python packages (once, 25 MB)");
      const temporary = `${folder}.new`;
      await rm(temporary, { recursive: true, force: true });
      const end = await pipInstall(python, temporary, setup);
      if (end.ok) await rename(temporary, folder);
      else if ((await runTool(python.path, ["uv", "--version"], {}, setup)).ok) own = "uv";
      else throw noUv(python, end);
    },
  );
  return own;
}

/** Runs the interpreter's pip, or where it has none (Debian) that of a throw-away venv. */
async function pipInstall(python: Interpreter, target: string, setup: Setup): Promise<ToolEnd> {
  const env = { PIP_REQUIRE_VIRTUALENV: "0", PIP_USER: "0", PIP_DISABLE_PIP_VERSION_CHECK: "1" };
  const install = (path: string): Promise<ToolEnd> =>
    runTool(
      path,
      [path, "-m", "pip", "install", "--no-input", "--retries", "2", "--target", target].concat([
        "--require-hashes",
        "--no-deps",
        "--only-binary",
        ":all:",
        "-r",
        shipped(lockPath),
      ]),
      env,
      setup,
    );
  const hasPip = await runTool(python.path, [python.path, "-m", "pip", "--version"], env, setup);
  if (hasPip.ok) return await install(python.path);
  const venv = `${target}.venv`;
  try {
    await mkdir(venv, { recursive: true });
    const made = await runTool(
      python.path,
      [python.path, "-m", "venv", "--clear", venv],
      env,
      setup,
    );
    return made.ok ? await install(join(venv, "bin", "python")) : made;
  } finally {
    await rm(venv, { recursive: true, force: true });
  }
}

function noUv(python: Interpreter, { lines }: ToolEnd): SggError {
  const text = lines.join("\n");
  if (/No module named pip|ensurepip|No module named venv/.test(text)) {
    return new SggError(
      "LAUNCH",
      `Cannot install uv: "${python.path}" has neither pip nor venv, expected one of them ` +
        "(Debian, Ubuntu: apt-get install python3-venv) or uv on PATH",
    );
  }
  const why =
    lines.filter((line) => /^ERROR|Error/.test(line)).at(-1) ?? lines.at(-1) ?? "no output";
  return new SggError(
    "LAUNCH",
    `Cannot download "uv": pip said ${JSON.stringify(why.trim())}, expected a network connection or uv on PATH`,
  );
}

const isProgram = async (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
