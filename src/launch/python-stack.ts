import { execa } from "execa";
import { stackArguments } from "../plan/stack-call.ts";
import type { PythonEnv } from "./python-env.ts";

/** The versions in a Python environment that numbers hang on, by package. */
export async function pythonStack({
  python,
  env,
}: PythonEnv): Promise<Readonly<Record<string, string>>> {
  const { stdout } = await execa(python, stackArguments, { env });
  return JSON.parse(stdout) as Readonly<Record<string, string>>;
}
