import { join } from "node:path";
import { execa } from "execa";
import { ensureEnvironment } from "../../src/launch/python/environment.ts";
import { machineSetup } from "../../src/launch/python-env.ts";
import { shipped } from "../../src/root.ts";
import { toAscii } from "./python.ts";

const spec = {
  name: "oracle",
  what: "the Python packages of the tests' oracle",
  lock: shipped("test/oracle/requirements.txt"),
  with: [],
  bytes: 6e8,
  needsNuma: false,
};

/**
 * The interpreter with spaCy, its model and SciPy, in an environment of its own in the user's cache.
 *
 * The first call on a machine installs it (6 s with a fast network); `npm test` does so before any test starts.
 *
 * @throws {SggError} LAUNCH when it cannot be installed
 */
export async function ensureOracle(say: (text: string) => void = console.log): Promise<string> {
  return join(await ensureEnvironment(spec, machineSetup({ say })), "bin", "python");
}

/**
 * Runs a Python program on a JSON value: `json.load(sys.stdin)` in, one `print(json.dumps(…))` out.
 *
 * It may import the modules in test/oracle, and finds spaCy, NumPy and SciPy, each kept to one
 * thread. Lone surrogates travel both ways, NaN and Infinity do not.
 *
 * @throws {Error} with what the program said, when it ends with another status than 0
 *
 * @example
 * await askOracle("import json, sys; print(json.dumps(sum(json.load(sys.stdin))))", [1, 2]); // 3
 */
export async function askOracle(program: string, input: unknown): Promise<unknown> {
  const { stdout } = await execa(await ensureOracle(), ["-W", "ignore", "-c", program], {
    input: toAscii(input),
    env: {
      PYTHONPATH: shipped("test/oracle"),
      PYTHONHOME: "",
      OMP_NUM_THREADS: "1",
      OPENBLAS_NUM_THREADS: "1",
    },
    maxBuffer: 1 << 30,
  });
  return JSON.parse(stdout);
}
