import { execa } from "execa";
import { inject } from "vitest";

/** Runs a Python program in the worker's environment: JSON in on stdin, JSON out on stdout. */
export async function askWorker(program: string, input: unknown): Promise<unknown> {
  const { python, env } = inject("pythonEnv")!;
  const { stdout } = await execa(python, ["-c", program], {
    input: JSON.stringify(input),
    env: { ...env, HF_HUB_OFFLINE: "1" },
    maxBuffer: 1 << 28,
  });
  return JSON.parse(stdout);
}
