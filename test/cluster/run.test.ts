import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { requires } from "../helpers/requires.ts";
import { type SlurmCluster, startSlurmCluster } from "../helpers/slurm-cluster.ts";
import { leftovers, standInPlan, start } from "../helpers/slurm-run.ts";

const { describe, it } = requires("slurm");

describe("a run on Slurm", () => {
  let cluster: SlurmCluster;
  beforeAll(async () => {
    cluster = await startSlurmCluster();
  });
  afterEach(async () => {
    expect(await leftovers(cluster)).toEqual([]);
  });
  afterAll(() => cluster?.stop());

  for (const nodes of [1, 4])
    it(`finishes on ${nodes} nodes of four GPUs`, async () => {
      const run = await start(cluster, standInPlan({ id: `whole-${nodes}`, nodes }));
      expect(await run.over()).toBe("COMPLETED");
    });
});
