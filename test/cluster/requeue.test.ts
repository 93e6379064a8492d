import { afterAll, beforeAll, expect } from "vitest";
import { requires } from "../helpers/requires.ts";
import { type SlurmCluster, startSlurmCluster } from "../helpers/slurm-cluster.ts";
import { roleOf } from "../helpers/slurm-plans.ts";
import {
  clusterProfileOf,
  leftovers,
  overAtOnce,
  type SlurmRun,
  standInPlan,
  start,
} from "../helpers/slurm-run.ts";

const { describe, it } = requires("slurm");

/** Steps of the whole run in the order in which they were done, over all its attempts. */
const stepsOf = (run: SlurmRun): readonly number[] =>
  run.progress().flatMap(({ step }) => (typeof step === "number" ? [step] : []));

describe("a run whose time is up", () => {
  let cluster: SlurmCluster;
  beforeAll(async () => {
    cluster = await startSlurmCluster();
  });
  afterAll(() => cluster?.stop());

  it("saves before the limit, starts again, and does every step once, as an undisturbed one", async () => {
    const steps = 30;
    const plan = standInPlan({
      ...{ id: "time-limit", nodes: 1 },
      trainer: { steps, stepMs: 1000, checkpointEvery: 1000 },
    });
    const judge = roleOf("judge", { command: ["ls", "checkpoints/step-30"], after: ["trainer"] });
    const profile = clusterProfileOf(cluster, {
      ...{ time_limit: "00:01:00", signal_lead_seconds: 40, max_requeues: 9 },
    });
    const run = await start(cluster, { ...plan, roles: [...plan.roles, judge] }, profile);
    await run.until("save asked");
    expect(await overAtOnce(cluster, run)).toBe("COMPLETED");
    expect(stepsOf(run)).toEqual(Array.from({ length: steps }, (_, i) => i + 1));
    expect(await run.saved()).toBe(steps);
    const ended = run.events().filter(({ event }) => event === "ended");
    const states = ended.map(({ state }) => state);
    expect(states.length).toBeGreaterThan(1); // two, and more where the machine is slow
    expect(states).toEqual([...states.slice(1).fill("requeued"), "done"]);
    const order = run.events().flatMap(({ event, role }) => {
      const told = `${event} ${role}`;
      return ["role ended trainer", "role started judge"].includes(told) ? [told] : [];
    });
    // the trainer of each attempt saves itself only, until it is done
    expect(order).toEqual([...states.map(() => "role ended trainer"), "role started judge"]);
    expect(await run.log("attempts/0/logs/trainer.log")).toMatch(/SIGUSR1: saving/);
    expect(await run.log("logs/trainer.log")).toMatch(/attempt [1-9]/);
    expect(await leftovers(cluster)).toEqual([]);
  }, 600_000); // a slow machine starts it many times

  it("starts no more often than the profile lets it", async () => {
    const plan = standInPlan({ id: "bounded", nodes: 1, trainer: { steps: 1000 } });
    const run = await start(cluster, plan, clusterProfileOf(cluster, { max_requeues: 0 }));
    await run.untilStep(2);
    await cluster.on("login", ["scancel", "--batch", "--signal=USR1", run.job]);
    expect(await run.over()).toBe("FAILED");
    expect(run.events().at(-1)).toMatchObject({
      ...{ event: "ended", state: "failed", code: 5 },
      reason:
        "Cannot start again: this was start 1, expected at most 1 (resources.requeues of the recipe, slurm.max_requeues of the profile)",
    });
  });

  it("asks programs that know no SIGUSR1 to end, and starts them again", async () => {
    const plan = standInPlan({
      ...{ id: "plain-task", nodes: 1, trainer: { steps: 1000 } },
      change: (role) =>
        role.name === "trainer"
          ? { ...role, image: "reward", command: role.command.slice(1) } // without its launcher
          : role,
    });
    const run = await start(cluster, plan);
    await run.untilStep(2);
    await cluster.on("login", ["scancel", "--batch", "--signal=USR1", run.job]);
    expect(await run.until("ended")).toMatchObject({ state: "requeued" });
    expect(await run.log("logs/trainer.log")).not.toMatch(/SIGUSR1/);
    await cluster.on("login", ["scancel", run.job]);
    expect(await run.over()).toBe("CANCELLED");
  });
});
