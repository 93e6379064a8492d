import { afterAll, beforeAll, expect } from "vitest";
import { requires } from "../helpers/requires.ts";
import { type SlurmCluster, startSlurmCluster } from "../helpers/slurm-cluster.ts";
import { leftovers, standInPlan, start, startNow } from "../helpers/slurm-run.ts";

const { describe, it } = requires("slurm");

describe("a run that loses a node", () => {
  let cluster: SlurmCluster;
  beforeAll(async () => {
    cluster = await startSlurmCluster();
  });
  afterAll(() => cluster?.stop());

  const everywhere = (id: string, steps: number) =>
    standInPlan({
      ...{ id, nodes: 4, trainer: { steps, stepMs: 400 } },
      change: (role) => (role.name === "trainer" ? { ...role, nodes: [0, 1, 2, 3] } : role),
    });

  it("goes on from its checkpoint on other nodes; what still runs on the lost one ends", async () => {
    const run = await start(cluster, everywhere("lost-slurmd", 100));
    await run.untilStep(4);
    await cluster.on("a3", ["pkill", "-KILL", "-x", "slurmd"]);
    await startNow(cluster, run.job);
    await run.until("attempt started", 2);
    const before = Number(run.progress().at(-1)?.step ?? 0);
    expect(before).toBeGreaterThanOrEqual(4);
    expect(await run.over()).toBe("COMPLETED");
    const started = run.events().filter(({ event }) => event === "attempt started");
    expect(started.map(({ attempt, hosts }) => [attempt, hosts])).toEqual([
      [0, "a1 a2 a3 a4"],
      [1, "a1 a2 a4 a5"],
    ]);
    const resumed = run.progress().find(({ phase }) => /^resuming/.test(String(phase)));
    expect(Number(/\d+/.exec(String(resumed?.phase))?.[0])).toBeGreaterThanOrEqual(4);
    expect(await run.saved()).toBe(100);
    expect(await leftovers(cluster)).toEqual([]);
    expect(await run.log("attempts/0/logs/trainer.node2.log")).toMatch(
      /the run goes on elsewhere: attempt 0 ends/,
    );
  });
});
