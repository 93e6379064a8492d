import { execa } from "execa";
import type { PythonEnv } from "./python-env.ts";

/** Those that numbers hang on. */
export const packages = ["torch", "transformers", "trl", "vllm", "accelerate", "datasets"];

/** The versions in a Python environment that numbers hang on, by package. */
export async function pythonStack({
  python,
  env,
}: PythonEnv): Promise<Readonly<Record<string, string>>> {
  const code = `import json, sys, importlib.metadata as m
print(json.dumps({"python": sys.version.split()[0], **{p: m.version(p) for p in sys.argv[1:]}}))`;
  const { stdout } = await execa(python, ["-c", code, ...packages], { env });
  return JSON.parse(stdout) as Readonly<Record<string, string>>;
}
