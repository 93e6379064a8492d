import type { Machine } from "./machine.ts";
import type { Topology } from "./run-plan.ts";

/** Nodes and GPUs, or why they cannot be had, with the nearest that can. */
export type Sized = { readonly topology: Topology } | { readonly fault: string };

/**
 * So many GPUs as nodes of a machine: one node, whole or in part, or several whole ones.
 *
 * @example
 * // 16 GPUs on a cluster of four a node are 4 × 4, 2 are 1 × 2; 6 cannot be had
 */
export function toTopology(gpus: number, machine: Machine): Sized {
  const { gpusPerNode: each, gpu, nodes: most, name } = machine;
  const sized = (nodes: number, gpusPerNode: number): Sized => ({
    topology: { nodes, gpusPerNode, gpu: gpusPerNode > 0 ? gpu : null },
  });
  if (gpus === 0) return sized(1, 0);
  if (each === 0) return { fault: `${gpus} GPUs on "${name}", which has none, expected --gpus 0` };
  if (gpus <= each) return sized(1, gpus);
  const above = Math.ceil(gpus / each);
  const nodes = most === null ? above : Math.min(above, most);
  if (nodes * each === gpus) return sized(nodes, each);
  const near = [...new Set([Math.floor(gpus / each), above])]
    .filter((count) => most === null || count <= most)
    .map((count) => count * each);
  const wanted = near.length > 0 ? near : [(most ?? 1) * each];
  return {
    fault: `${gpus} GPUs on nodes of ${each}${most === null ? "" : ` (${most} of them)`}, expected ${wanted.join(" or ")}`,
  };
}
