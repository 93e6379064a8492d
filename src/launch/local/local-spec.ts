import { dirname, join } from "node:path";
import type { PlanRole } from "../../plan/run-plan.ts";
import { cliFile } from "../../root.ts";
import type { PythonEnv } from "../python-env.ts";
import type { RoleSpec } from "../role.ts";

/** What a role's process is given beside its plan. */
export interface LocalCall {
  readonly runDir: string;
  readonly device: "cuda" | "cpu";
  /** Undefined where no role needs it. */
  readonly python: PythonEnv | undefined;
  /** Contents of the secret files, by their path. */
  readonly tokens: Readonly<Record<string, string>>;
}

/**
 * A role as a process of this machine: `r1sgg` is this very CLI, all else a program of the locked
 * Python environment.
 */
export function localSpec(
  role: PlanRole,
  argv: readonly string[],
  { runDir, device, python, tokens }: LocalCall,
): RoleSpec {
  const { name, kind, gpus, env, secretEnv = {} } = role;
  const [program = "", ...args] = argv;
  const secrets = Object.entries(secretEnv).map(([key, path]) => [key, tokens[path] ?? ""]);
  const ours = program === "r1sgg";
  if (!ours && python === undefined) throw new TypeError(`role "${name}" has no Python`);
  return {
    ...{ name, kind, cwd: runDir },
    command: python && !ours ? join(dirname(python.python), program) : process.execPath,
    args: ours ? [...process.execArgv, cliFile, ...args] : args,
    env: {
      ...(!ours && python?.env),
      ...env,
      ...Object.fromEntries(secrets),
      ...(device === "cuda" && { CUDA_VISIBLE_DEVICES: gpus.join(",") }),
    },
    logPath: join(runDir, "logs", `${name}.log`),
  };
}
