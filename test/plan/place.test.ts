import fc from "fast-check";
import { expect, it } from "vitest";
import { type Placement, place, trainerCount } from "../../src/plan/place.ts";
import { toTopology } from "../../src/plan/topology.ts";
import { a100, desk, laptop } from "./machines.ts";
import { grpo, infer, sft } from "./recipes.ts";

const placed = (...asked: Parameters<typeof place>): Placement => {
  const found = place(...asked);
  if ("fault" in found) throw new Error(found.fault);
  return found.placement;
};
const of = (nodes: number, gpusPerNode: number) => ({ nodes, gpusPerNode });

/** Each place as `node:gpus`. */
const show = (places: Placement["trainers"]) =>
  places.map(({ node, gpus }) => `${node}:${gpus.join("")}`).join(" ");

it.each([
  // recipe, nodes x GPUs, trainers, servers
  [sft(), of(1, 4), "0:0123", ""],
  [grpo({}, { mode: "colocate" }), of(4, 4), "0:0123 1:0123 2:0123 3:0123", ""],
  [grpo(), of(1, 4), "0:01", "0:2 0:3"],
  [grpo(), of(4, 4), "0:0123 1:0123", "2:0 2:1 2:2 2:3 3:0 3:1 3:2 3:3"],
  [grpo({}, { gpus: 4, tensor_parallel: 4 }), of(4, 4), "0:0123 1:0123 2:0123", "3:0123"],
  [grpo({}, { gpus: 8, tensor_parallel: 2 }), of(4, 4), "0:0123 1:0123", "2:01 2:23 3:01 3:23"],
  [grpo({}, { gpus: 2 }), of(2, 4), "0:012 1:012", "0:3 1:3"],
  [grpo(), of(1, 1), "0:0", "0:0"],
  [grpo(), of(1, 0), "0:", "0:"],
  [infer({ tensor_parallel: 2 }), of(1, 4), "", "0:01 0:23"],
  [infer(), of(1, 0), "", "0:"],
])("places, case %#", (recipe, topology, trainers, servers) => {
  const placement = placed(recipe, topology);
  expect([show(placement.trainers), show(placement.servers)]).toEqual([trainers, servers]);
});

it("shares one GPU, or a CPU, and nothing else", () => {
  expect(placed(grpo(), of(1, 1)).shared).toBe(true);
  expect(placed(grpo(), of(1, 0)).shared).toBe(true);
  expect(placed(grpo(), of(1, 2)).shared).toBe(false);
  expect(placed(infer(), of(1, 1)).shared).toBe(false);
});

it.each([
  [
    grpo({}, { gpus: 4 }),
    of(1, 4),
    "sampler.gpus: 4 of 4 GPUs (1 x 4) for servers of 1, expected 3 or 2",
  ],
  [
    grpo({}, { gpus: 6 }),
    of(4, 4),
    "sampler.gpus: 6 of 16 GPUs (4 x 4) for servers of 1, expected 4 or 8",
  ],
  [
    grpo({}, { gpus: 3, tensor_parallel: 2 }),
    of(1, 4),
    "sampler.gpus: 3 of 4 GPUs (1 x 4) for servers of 2, expected 2",
  ],
  [
    grpo({}, { gpus: 2, tensor_parallel: 8 }),
    of(2, 4),
    "sampler.gpus: 2 of 8 GPUs (2 x 4) for servers of 8, expected tensor_parallel 1",
  ],
  [
    grpo({}, { tensor_parallel: 2 }),
    of(1, 1),
    "sampler.tensor_parallel: 2 on one device, expected 1",
  ],
  [
    infer({ tensor_parallel: 3 }),
    of(1, 4),
    "sampler.tensor_parallel: 3 does not divide the 4 GPUs that servers have on a node, expected 2 or 4",
  ],
  [
    grpo({}, { mode: "colocate" }),
    of(1, 0),
    "sampler.mode: colocate without a GPU, expected server",
  ],
])("refuses, case %#", (recipe, topology, fault) => {
  expect(place(recipe, topology)).toEqual({ fault });
});

it("gives every GPU to one role, trainers alike on nodes 0 to n, servers within a node", () => {
  const small = fc.integer({ min: 1, max: 8 });
  fc.assert(
    fc.property(
      small,
      small,
      fc.integer({ min: 1, max: 63 }),
      small,
      (nodes, each, gpus, width) => {
        const found = place(grpo({}, { gpus, tensor_parallel: width }), of(nodes, each));
        if ("fault" in found || found.placement.shared) return;
        const { trainers, servers } = found.placement;
        const owned = [...trainers, ...servers].flatMap(({ node, gpus }) =>
          gpus.map((gpu) => node * each + gpu),
        );
        expect(owned.toSorted((a, b) => a - b)).toEqual(
          Array.from({ length: nodes * each }, (_, i) => i),
        );
        expect(trainers.map(({ node }) => node)).toEqual(trainers.map((_, i) => i));
        expect(new Set(trainers.map((one) => one.gpus.join())).size).toBe(1);
        for (const server of servers) expect(server.gpus).toHaveLength(width);
        expect(servers.length * width).toBe(gpus);
        expect(trainerCount(found.placement)).toBe(nodes * each - gpus);
      },
    ),
  );
});

it("names only numbers of GPUs that can be had", () => {
  const small = fc.integer({ min: 1, max: 8 });
  fc.assert(
    fc.property(small, small, fc.integer({ min: 1, max: 70 }), (nodes, each, gpus) => {
      const found = place(grpo({}, { gpus }), of(nodes, each));
      if (!("fault" in found) || !found.fault.startsWith("sampler.gpus")) return;
      const named = /expected (.*)$/.exec(found.fault)![1]!.split(" or ").map(Number);
      for (const count of named)
        expect(place(grpo({}, { gpus: count }), of(nodes, each))).toHaveProperty("placement");
    }),
  );
});

it.each([
  [16, a100, { nodes: 4, gpusPerNode: 4, gpu: "a100" }],
  [4, a100, { nodes: 1, gpusPerNode: 4, gpu: "a100" }],
  [2, a100, { nodes: 1, gpusPerNode: 2, gpu: "a100" }],
  [0, a100, { nodes: 1, gpusPerNode: 0, gpu: null }],
  [1, desk, { nodes: 1, gpusPerNode: 1, gpu: "RTX 4090" }],
])("takes %d GPUs of a machine", (gpus, machine, topology) => {
  expect(toTopology(gpus, machine)).toEqual({ topology });
});

it.each([
  [6, a100, "6 GPUs on nodes of 4, expected 4 or 8"],
  [2, desk, "2 GPUs on nodes of 1 (1 of them), expected 1"],
  [1, laptop, '1 GPUs on "laptop", which has none, expected --gpus 0'],
])("refuses %d GPUs of a machine", (gpus, machine, fault) => {
  expect(toTopology(gpus, machine)).toEqual({ fault });
});
