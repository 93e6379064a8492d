import type { Machine } from "../../src/plan/machine.ts";

/** A cluster of four A100 80 GB a node. */
export const a100: Machine = {
  name: "a100",
  gpusPerNode: 4,
  gpu: "a100",
  gpuMemoryGib: 80,
  cpusPerNode: 64,
  memoryMibPerNode: 480 * 1024,
  nodes: null,
  limitSeconds: 24 * 3600,
  requeues: 10,
  environment: { NCCL_DEBUG: "WARN" },
  offline: false,
};

/** A cluster of four GH200 a node, an attempt at most 12 hours, without internet. */
export const gh200: Machine = {
  ...a100,
  ...{ name: "gh200", gpu: null, gpuMemoryGib: 96, cpusPerNode: 288, memoryMibPerNode: 800 * 1024 },
  ...{ limitSeconds: 12 * 3600, offline: true },
};

/** A machine with one GPU of 24 GB, and one without. */
export const desk: Machine = {
  ...a100,
  ...{ name: "desk", gpusPerNode: 1, gpu: "RTX 4090", gpuMemoryGib: 24, cpusPerNode: 16 },
  ...{ memoryMibPerNode: 64 * 1024, nodes: 1, limitSeconds: null, requeues: 0, environment: {} },
};
export const laptop: Machine = {
  ...desk,
  ...{ name: "laptop", gpusPerNode: 0, gpu: null, gpuMemoryGib: null, cpusPerNode: 4 },
};
