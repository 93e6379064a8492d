import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { shipped } from "../../src/root.ts";
import { requires } from "../helpers/requires.ts";
import { type SlurmCluster, startSlurmCluster } from "../helpers/slurm-cluster.ts";
import { clusterProfileOf, leftovers, standInPlan, start } from "../helpers/slurm-run.ts";

const { describe, it } = requires("slurm");

describe("a run on Slurm in other shapes", () => {
  let cluster: SlurmCluster;
  beforeAll(async () => {
    cluster = await startSlurmCluster();
  });
  afterEach(async () => {
    expect(await leftovers(cluster)).toEqual([]);
  });
  afterAll(() => cluster?.stop());

  const stands = [`export PATH="${shipped("test/cluster/stand-ins/bin")}:$PATH"`];

  it("is a heterogeneous job with samplers and trainers as components", async () => {
    const profile = clusterProfileOf(cluster, { heterogeneous: true });
    const run = await start(cluster, standInPlan({ id: "apart", nodes: 4 }), profile);
    expect(await run.over()).toBe("COMPLETED");
    expect(await run.saved()).toBe(6);
    expect(run.events()[0]).toMatchObject({ event: "attempt started", hosts: "a1 a2 a3 a4" });
  });

  it("removes containers that a cancelled job would leave behind", async () => {
    const images = { worker: "w:test", sampler: "s:test", reward: "r:test" };
    const containers = join(cluster.shared, "containers");
    const profile = {
      ...clusterProfileOf(cluster),
      runtime: {
        kind: "docker" as const,
        program: "docker" as const,
        images,
        mounts: [],
        options: [],
      },
      setup: [...stands, `export R1SGG_TEST_CONTAINERS=${containers}`],
    };
    const plan = standInPlan({ id: "docker", nodes: 1, trainer: { steps: 1000, deaf: true } });
    const run = await start(cluster, plan, profile);
    await run.untilStep(2);
    expect(await readdir(containers)).toHaveLength(4);
    await cluster.on("login", ["scancel", run.job]);
    expect(await run.over()).toBe("CANCELLED");
    expect(await readdir(containers)).toEqual([]);
  });
});
