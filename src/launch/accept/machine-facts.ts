import { arch, cpus, release, totalmem } from "node:os";
import { stripVTControlCharacters } from "node:util";
import { execa } from "execa";
import { codeText } from "../code-text.ts";
import type { PythonEnv } from "../python-env.ts";
import { pythonStack } from "../python-stack.ts";

/** What an acceptance hangs on. Neither host nor user is named. */
export interface MachineFacts {
  readonly code: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly hardware: Readonly<Record<string, string | number | readonly string[]>>;
}

/** Looks at the machine, and with GPUs also at their driver and how they are linked. */
export async function machineFacts(
  python: PythonEnv,
  device: "cuda" | "cpu",
): Promise<MachineFacts> {
  const all = cpus();
  const gpu = device === "cuda";
  return {
    code: await codeText(),
    versions: { ...(await pythonStack(python)), ...(gpu && (await cudaVersions(python))) },
    hardware: {
      cpu: `${all.length} x ${all[0]?.model.trim() || "unknown"}`,
      arch: arch(),
      memory_gib: Math.round(totalmem() / 2 ** 30),
      kernel: release(),
      ...(gpu && {
        gpus: await nvidiaSmi(
          "--query-gpu=name,memory.total,driver_version,compute_cap",
          "--format=csv,noheader",
        ),
        links: await nvidiaSmi("topo", "-m"),
      }),
    },
  };
}

/** Lines of nvidia-smi without its underlining, or what it said instead. */
async function nvidiaSmi(...args: readonly string[]): Promise<readonly string[]> {
  const { stdout, shortMessage, failed } = await execa("nvidia-smi", args, {
    ...{ reject: false, timeout: 30_000 },
  });
  if (failed) return [shortMessage ?? "nvidia-smi failed"];
  return stripVTControlCharacters(stdout).trimEnd().split("\n");
}

/** Of CUDA and NCCL as torch brings them. */
async function cudaVersions({ python, env }: PythonEnv): Promise<Readonly<Record<string, string>>> {
  const code = `import json, torch
print(json.dumps({"cuda": str(torch.version.cuda), "nccl": ".".join(map(str, torch.cuda.nccl.version()))}))`;
  const { stdout } = await execa(python, ["-c", code], { env });
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "{}") as Readonly<Record<string, string>>;
}
