import { execa } from "execa";
import { SggError } from "../../errors.ts";

/** The versions that the locks have wheels for, as [from, below). */
export const pythonRange = { from: [3, 11], below: [3, 15] } as const;
const wanted = `CPython >=${pythonRange.from.join(".")},<${pythonRange.below.join(".")}`;

/** Tried in this order; the user's own default comes first. */
const names = [
  "python3",
  "python3.13",
  "python3.12",
  "python3.11",
  "python3.14",
  "python",
] as const;

const probe = `
import ctypes, json, platform, sys, sysconfig
try:
    ctypes.CDLL("libnuma.so.1")
    numa = True
except OSError:
    numa = False
print(json.dumps({"path": sys.executable, "version": list(sys.version_info[:2]), "numa": numa,
  "kind": platform.python_implementation(), "threaded": bool(sysconfig.get_config_var("Py_GIL_DISABLED"))}))
`;

/** An interpreter that was run, and what it said about itself. */
export interface Interpreter {
  readonly path: string;
  /** For example "3.11". */
  readonly version: string;
  /** Whether libnuma.so.1 can be loaded, which vLLM's CPU build needs. */
  readonly numa: boolean;
}

/**
 * An interpreter of the stated range: `R1SGG_PYTHON` if set, else the first on PATH that fits.
 *
 * Each is run, for a pyenv shim may exist and fail.
 *
 * @throws {SggError} LAUNCH with what was found instead
 */
export async function findPython(
  signal: AbortSignal,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Interpreter> {
  const refused: string[] = [];
  for (const name of env.R1SGG_PYTHON ? [env.R1SGG_PYTHON] : names) {
    const found = await inspect(name, signal, env);
    if (typeof found !== "string") return found;
    refused.push(found);
  }
  const where = env.R1SGG_PYTHON ? "in R1SGG_PYTHON" : "on PATH or in R1SGG_PYTHON";
  throw new SggError(
    "LAUNCH",
    `Cannot find a Python: found ${refused.join(", ")}, expected ${wanted} ${where}`,
  );
}

async function inspect(
  name: string,
  signal: AbortSignal,
  env: NodeJS.ProcessEnv,
): Promise<Interpreter | string> {
  const { stdout, stderr, failed, code } = await execa(name, ["-c", probe], {
    env,
    extendEnv: false,
    reject: false,
    stdin: "ignore",
    timeout: 20_000,
    cancelSignal: signal,
  });
  signal.throwIfAborted();
  if (code === "ENOENT") return `no ${name}`;
  if (failed) return `${name} that does not run (${lastLine(stderr)})`;
  const said = JSON.parse(lastLine(stdout)) as Said;
  const version = said.version.join(".");
  const minor = said.version[0] * 100 + said.version[1];
  const fits =
    said.kind === "CPython" &&
    !said.threaded &&
    minor >= pythonRange.from[0] * 100 + pythonRange.from[1] &&
    minor < pythonRange.below[0] * 100 + pythonRange.below[1];
  const kind = said.threaded ? "free-threaded CPython" : said.kind;
  return fits ? { path: said.path, version, numa: said.numa } : `${kind} ${version} (${said.path})`;
}

interface Said {
  readonly path: string;
  readonly version: readonly [number, number];
  readonly kind: string;
  readonly numa: boolean;
  readonly threaded: boolean;
}

const lastLine = (text: string): string => text.trim().split("\n").at(-1)?.trim() || "no output";
