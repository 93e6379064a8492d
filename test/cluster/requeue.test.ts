import { afterAll, beforeAll, expect } from "vitest";
import { requires } from "../helpers/requires.ts";
import { type SlurmCluster, startSlurmCluster } from "../helpers/slurm-cluster.ts";
import { roleOf } from "../helpers/slurm-plans.ts";
import {
  clusterProfileOf,
  leftovers,
  type SlurmRun,
  standInPlan,
  start,
  startNow,
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
    const profile = clusterProfileOf(cluster, { time_limit: "00:01:00", signal_lead_seconds: 40 });
    const run = await start(cluster, { ...plan, roles: [...plan.roles, judge] }, profile);
    await run.until("save asked");
    await startNow(cluster, run.job);
    expect(await run.over()).toBe("COMPLETED");
    expect(stepsOf(run)).toEqual(Array.from({ length: steps }, (_, i) => i + 1));
    expect(await run.saved()).toBe(steps);
    const ended = run.events().filter(({ event }) => event === "ended");
    expect(ended.map(({ state, attempt }) => [attempt, state])).toEqual([
      [0, "requeued"],
      [1, "done"],
    ]);
    const order = run.events().flatMap(({ event, role, attempt }) => {
      const told = `${event} ${role}`;
      const asked = ["role ended trainer", "role started judge"];
      return asked.includes(told) ? [[attempt, told]] : [];
    });
    expect(order).toEqual([
      [0, "role ended trainer"], // it has saved itself only
      [1, "role ended trainer"],
      [1, "role started judge"],
    ]);
    expect(await run.log("attempts/0/logs/trainer.log")).toMatch(/SIGUSR1: saving/);
    expect(await run.log("logs/trainer.log")).toMatch(/attempt 1/);
    expect(await leftovers(cluster)).toEqual([]);
  });

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
