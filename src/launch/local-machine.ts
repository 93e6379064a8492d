import { availableParallelism, totalmem } from "node:os";
import { ExecaError, execa } from "execa";
import type { Machine } from "../plan/machine.ts";

/** GPUs of one machine as nvidia-smi lists them. */
interface Gpu {
  readonly name: string;
  readonly memoryMib: number;
}

/** This machine as one node; the smallest GPU stands for all. */
export async function localMachine(): Promise<Machine> {
  const gpus = await listGpus();
  const memoryMib = gpus.map((gpu) => gpu.memoryMib);
  return {
    name: "this machine",
    gpusPerNode: gpus.length,
    gpu: gpus[0]?.name ?? null,
    gpuMemoryGib: gpus.length > 0 ? Math.min(...memoryMib) / 1024 : null,
    cpusPerNode: availableParallelism(),
    memoryMibPerNode: Math.floor(totalmem() / 1024 ** 2),
    nodes: 1,
    limitSeconds: null,
    requeues: 0,
    environment: {},
    offline: false,
  };
}

/** None where nvidia-smi is missing or fails. */
async function listGpus(): Promise<readonly Gpu[]> {
  const query = ["--query-gpu=name,memory.total", "--format=csv,noheader,nounits"];
  try {
    const { stdout } = await execa("nvidia-smi", query, { timeout: 20_000 });
    return stdout.split("\n").flatMap((line) => {
      const [name, memory] = line.split(", ");
      return name && Number(memory) > 0 ? [{ name, memoryMib: Number(memory) }] : [];
    });
  } catch (error) {
    if (error instanceof ExecaError) return [];
    throw error;
  }
}
