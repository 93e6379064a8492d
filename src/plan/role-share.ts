import type { Machine } from "./machine.ts";
import type { Place, Placement } from "./place.ts";

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
export const shareOf = (place: Place, sharing: number, machine: Machine): Share =>
  partOf(place, sharing, machine, rewardShare(machine));

/** A trainer's part of its nodes. SFT has them to itself; GRPO has the reward endpoint beside it, and maybe a server. */
export function trainerShare(stage: "sft" | "grpo", placement: Placement, machine: Machine): Share {
  const [first = { node: 0, gpus: [] }] = placement.trainers;
  if (stage === "sft") return partOf(first, 1, machine, { cpus: 0, memoryMib: 0 });
  return shareOf(first, placement.shared ? 2 : 1, machine);
}

function partOf({ gpus }: Place, sharing: number, machine: Machine, kept: Share): Share {
  const part = gpus.length === 0 ? 1 : gpus.length / machine.gpusPerNode;
  return {
    cpus: Math.max(1, Math.floor(((machine.cpusPerNode - kept.cpus) * part) / sharing)),
    memoryMib: Math.floor(((machine.memoryMibPerNode - kept.memoryMib) * part) / sharing),
  };
}
