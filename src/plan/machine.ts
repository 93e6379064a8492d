import type { ClusterProfile } from "../recipe/cluster-profile.ts";
import { seconds } from "../recipe/duration.ts";

/** What a plan has to know of where it will run; nodes are alike. */
export interface Machine {
  readonly name: string;
  readonly gpusPerNode: number;
  /** As the cluster calls it; null where there is none, or no name. */
  readonly gpu: string | null;
  /** Of one GPU; null where it is not known. */
  readonly gpuMemoryGib: number | null;
  readonly cpusPerNode: number;
  readonly memoryMibPerNode: number;
  /** How many nodes there are; null where that is the scheduler's business. */
  readonly nodes: number | null;
  /** The longest that one attempt may take. */
  readonly limitSeconds: number | null;
  readonly requeues: number;
  /** For roles that train or sample: NCCL and the network. */
  readonly environment: Readonly<Record<string, string>>;
  /** Nodes see no internet. */
  readonly offline: boolean;
}

/** A cluster as its profile describes it. */
export const clusterMachine = ({
  name,
  node,
  slurm,
  environment,
  offline,
}: ClusterProfile): Machine => ({
  name,
  gpusPerNode: node.gpus,
  gpu: node.gpu,
  gpuMemoryGib: node.gpu_memory_gib,
  cpusPerNode: node.cpus,
  memoryMibPerNode: node.memory_gib * 1024,
  nodes: null,
  limitSeconds: seconds(slurm.time_limit),
  requeues: slurm.max_requeues,
  environment,
  offline,
});
