import { dirname, join } from "node:path";
import { execa } from "execa";
import type { PythonEnv } from "../python-env.ts";
import type { RunTool } from "./bring-inputs.ts";

/**
 * Programs of the locked Python environment, in a folder; for plans that call none it may be absent.
 *
 * Errors: the reason of the signal
 */
export const inPython =
  (python: PythonEnv | undefined, cwd: string, cancelSignal: AbortSignal): RunTool =>
  async (program, args) => {
    if (python === undefined) throw new TypeError("a run with a model has a Python environment");
    const path = join(dirname(python.python), program);
    const done = await execa(path, args, { env: python.env, cancelSignal, reject: false, cwd });
    cancelSignal.throwIfAborted();
    const { stdout, stderr, failed } = done;
    return { stdout, stderr: stderr || (done.shortMessage ?? ""), failed };
  };
