import type { Recipe } from "../recipe/recipe.ts";
import { nearestOf } from "./nearest-numbers.ts";
import type { Topology } from "./run-plan.ts";

/** Device numbers on a node. */
export interface Place {
  readonly node: number;
  readonly gpus: readonly number[];
}

/** Who runs where. */
export interface Placement {
  /** One place a node, the same devices on each, from node 0 on: a node's index is its rank. */
  readonly trainers: readonly Place[];
  /** One place a vLLM server. */
  readonly servers: readonly Place[];
  /** Trainer and server take turns on one GPU, or share a CPU. */
  readonly shared: boolean;
}

/** A placement, or why there is none, with the nearest that there is. */
export type Placing = { readonly placement: Placement } | { readonly fault: string };

type Asked = Pick<Topology, "nodes" | "gpusPerNode">;

/**
 * Puts trainers and servers on the GPUs of a topology.
 *
 * Trainers come first, so that the head node trains and torchrun's ranks are the nodes' indices.
 * Servers have whole nodes where their GPUs fill some, else the last GPUs of every node; a server
 * never crosses a node.
 *
 * Errors: none; what cannot be is a fault in words.
 */
export function place(recipe: Recipe, topology: Asked): Placing {
  const total = topology.nodes * topology.gpusPerNode;
  if (recipe.stage === "eval") return { placement: { trainers: [], servers: [], shared: false } };
  if (recipe.stage === "sft") return { placement: { ...none, trainers: every(topology) } };
  const { mode, gpus, tensor_parallel: width } = recipe.sampler;
  if (recipe.stage !== "grpo") return serversOnly(topology, width);
  if (mode === "colocate") return colocated(topology, width);
  if (total < 2) return alone(topology, width);
  return split(topology, gpus ?? Math.floor(total / 2), width);
}

const none: Placement = { trainers: [], servers: [], shared: false };

const range = (from: number, to: number): readonly number[] =>
  Array.from({ length: to - from }, (_, i) => from + i);

const every = ({ nodes, gpusPerNode }: Asked): readonly Place[] =>
  range(0, nodes).map((node) => ({ node, gpus: range(0, gpusPerNode) }));

/** The places of as many servers as the GPUs of these nodes hold. */
const serversIn = (places: readonly Place[], width: number): readonly Place[] =>
  places.flatMap(({ node, gpus }) =>
    range(0, gpus.length / width).map((i) => ({
      node,
      gpus: gpus.slice(i * width, (i + 1) * width),
    })),
  );

const perNode = (width: number, gpus: number): string =>
  `sampler.tensor_parallel: ${width} does not divide the ${gpus} GPUs that servers have on a node, expected ${widths(width, gpus)}`;

/** The widths that divide, the nearest first. */
const widths = (width: number, gpus: number): string =>
  nearestOf(
    width,
    range(1, gpus + 1).filter((one) => gpus % one === 0),
  ).join(" or ");

function serversOnly(topology: Asked, width: number): Placing {
  if (topology.gpusPerNode === 0) return alone(topology, width, []);
  if (topology.gpusPerNode % width !== 0) return { fault: perNode(width, topology.gpusPerNode) };
  return { placement: { ...none, servers: serversIn(every(topology), width) } };
}

function colocated(topology: Asked, width: number): Placing {
  if (topology.gpusPerNode === 0)
    return { fault: "sampler.mode: colocate without a GPU, expected server" };
  if (topology.gpusPerNode % width !== 0) return { fault: perNode(width, topology.gpusPerNode) };
  return { placement: { ...none, trainers: every(topology) } };
}

/** One trainer and one server on one GPU, or on none. */
function alone(topology: Asked, width: number, trainers = every(topology)): Placing {
  if (width > 1) return { fault: `sampler.tensor_parallel: ${width} on one device, expected 1` };
  return { placement: { trainers, servers: every(topology), shared: trainers.length > 0 } };
}

function split(topology: Asked, gpus: number, width: number): Placing {
  const total = topology.nodes * topology.gpusPerNode;
  const placement = trySplit(topology, gpus, width);
  if (placement !== undefined) return { placement };
  const works = (count: number, each: number) => trySplit(topology, count, each) !== undefined;
  const near = nearestOf(
    gpus,
    range(1, total).filter((count) => works(count, width)),
  );
  const found = `sampler.gpus: ${gpus} of ${total} GPUs (${topology.nodes} x ${topology.gpusPerNode}) for servers of ${width}`;
  if (near.length > 0) return { fault: `${found}, expected ${near.join(" or ")}` };
  const narrower = range(1, width).filter((each) => works(gpus, each));
  return { fault: `${found}, expected tensor_parallel ${narrower.at(-1) ?? 1}` };
}

function trySplit(topology: Asked, gpus: number, width: number): Placement | undefined {
  const { nodes, gpusPerNode } = topology;
  if (gpus < 1 || gpus >= nodes * gpusPerNode || gpus % width !== 0) return undefined;
  if (nodes > 1 && gpus % gpusPerNode === 0) {
    if (gpusPerNode % width !== 0) return undefined;
    const first = nodes - gpus / gpusPerNode;
    const [trainers, sampling] = [every(topology).slice(0, first), every(topology).slice(first)];
    return { trainers, servers: serversIn(sampling, width), shared: false };
  }
  const each = gpus / nodes;
  if (!Number.isInteger(each) || each % width !== 0) return undefined;
  const cut = gpusPerNode - each;
  const trainers = every(topology).map(({ node, gpus }) => ({ node, gpus: gpus.slice(0, cut) }));
  const sampling = every(topology).map(({ node, gpus }) => ({ node, gpus: gpus.slice(cut) }));
  return { trainers, servers: serversIn(sampling, width), shared: false };
}

/** Trainers in all: one a GPU, and one where there is no GPU. */
export const trainerCount = ({ trainers }: Placement): number =>
  trainers.reduce((sum, { gpus }) => sum + Math.max(1, gpus.length), 0);
