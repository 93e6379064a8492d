import { ExecaError, execa } from "execa";
import { SggError } from "../errors.ts";
import type { Device } from "../plan/smoke-plan.ts";

/** Names of this machine's NVIDIA GPUs, by nvidia-smi; none where it is missing or fails. */
export async function listGpus(): Promise<readonly string[]> {
  try {
    const { stdout } = await execa("nvidia-smi", ["-L"], { timeout: 20_000 });
    return stdout.split("\n").filter((line) => line.startsWith("GPU "));
  } catch (error) {
    if (error instanceof ExecaError) return [];
    throw error;
  }
}

/**
 * The device a run takes: `auto` is one GPU where there is one, else the CPU.
 *
 * Errors: SggError LAUNCH when `cuda` is asked for and no GPU is there.
 */
export async function chooseDevice(asked: "auto" | Device): Promise<Device> {
  if (asked === "cpu") return "cpu";
  if ((await listGpus()).length > 0) return "cuda";
  if (asked === "auto") return "cpu";
  throw new SggError("LAUNCH", `Cannot run on "cuda": nvidia-smi lists no GPU, expected one`);
}
