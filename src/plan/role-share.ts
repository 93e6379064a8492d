import type { Machine } from "./machine.ts";
import type { Place } from "./place.ts";

/** CPU cores and MiB of a role on each of its nodes. */
export interface Share {
  readonly cpus: number;
  readonly memoryMib: number;
}

/** The reward endpoint has at most eight threads that score, and one that listens. */
const rewardCpus = (cpus: number): number => Math.max(1, Math.min(9, Math.floor(cpus / 8)));

/** What the reward endpoint gets of the head node. */
export const rewardShare = ({ cpusPerNode, memoryMibPerNode }: Machine): Share => ({
  cpus: rewardCpus(cpusPerNode),
  memoryMib: Math.min(16_384, Math.floor(memoryMibPerNode / 8)),
});

/** A client that reads images and asks servers. */
export const clientShare = rewardShare;

/**
 * The part of a node that belongs to a role by its GPUs; without GPUs, to one of `sharing` equal roles.
 *
 * What the head node keeps for endpoint or client is left out on every node, so that all are alike.
 */
export function shareOf({ gpus }: Place, sharing: number, machine: Machine): Share {
  const kept = rewardShare(machine);
  const part = gpus.length === 0 ? 1 : gpus.length / machine.gpusPerNode;
  return {
    cpus: Math.max(1, Math.floor(((machine.cpusPerNode - kept.cpus) * part) / sharing)),
    memoryMib: Math.floor(((machine.memoryMibPerNode - kept.memoryMib) * part) / sharing),
  };
}
