import { statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { requires } from "../helpers/requires.ts";
import { type SlurmCluster, startSlurmCluster } from "../helpers/slurm-cluster.ts";
import { clusterProfileOf, killOn, leftovers, standInPlan, start } from "../helpers/slurm-run.ts";

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

  it("finishes on one node of four GPUs, each role with its own", async () => {
    const run = await start(cluster, standInPlan({ id: "one-node", nodes: 1 }));
    expect(await run.over()).toBe("COMPLETED");
    expect(run.progress()[0]).toMatchObject({ phase: "starting", gpus: "0,1" });
    expect(run.progress().at(-1)).toMatchObject({ step: 6, of: 6 });
    expect(run.events().at(-1)).toMatchObject({ event: "ended", state: "done", attempt: 0 });
  });

  it("finishes on four nodes that speak to each other by name", async () => {
    const run = await start(cluster, standInPlan({ id: "four-nodes", nodes: 4 }));
    expect(await run.over()).toBe("COMPLETED");
    expect(await run.saved()).toBe(6);
    const { reward, samplers } = JSON.parse(await run.log("endpoints.json"));
    const hosts = samplers.map(({ url }: { readonly url: string }) => new URL(url).hostname);
    expect(new URL(reward.url).hostname).toBe("a1");
    expect(hosts).toEqual([...Array(4).fill("a3"), ...Array(4).fill("a4")]);
    const token = statSync(join(run.runDir, "secrets/reward"));
    expect(token.mode & 0o777).toBe(0o600);
  });

  it("ends all roles when a trainer is killed on the third node, and says where", async () => {
    const plan = standInPlan({
      id: "killed-trainer",
      nodes: 4,
      trainer: { steps: 1000 },
      moods: { "sampler-0": "orphan", "sampler-1": "deaf" },
      change: (role) => (role.name === "trainer" ? { ...role, nodes: [0, 1, 2, 3] } : role),
    });
    const run = await start(cluster, plan);
    await run.untilStep(2);
    await killOn(cluster, "a3", "stand-ins/trainer");
    expect(await run.over()).toBe("FAILED");
    expect(run.events().at(-1)).toMatchObject({
      ...{ event: "ended", state: "failed", code: 4 },
      reason:
        'Cannot go on without role "trainer": it was killed by signal 9 on a3, expected exit code 0',
    });
  });

  it("ends all roles when the reward endpoint is killed", async () => {
    const plan = standInPlan({
      id: "killed-reward",
      nodes: 1,
      trainer: { steps: 1000, deaf: true },
      moods: { reward: "quiet" },
    });
    const run = await start(cluster, plan);
    await run.untilStep(2);
    await killOn(cluster, "a1", "service.ts [0-9]+ quiet");
    expect(await run.over()).toBe("FAILED");
    expect(run.events().at(-1)?.reason).toBe(
      'Cannot go on without role "reward": it was killed by signal 9 on a1, expected it to serve until the run ends',
    );
  });

  it("leaves nothing on any node after scancel, not even who left the process tree or is deaf", async () => {
    const plan = standInPlan({
      id: "cancelled",
      nodes: 4,
      trainer: { steps: 1000, deaf: true },
      moods: { "sampler-0": "orphan", reward: "orphan", "sampler-5": "deaf" },
    });
    const run = await start(cluster, plan, clusterProfileOf(cluster, { grace_seconds: 2 }));
    await run.untilStep(2);
    expect((await leftovers(cluster)).length).toBeGreaterThan(10);
    await cluster.on("login", ["scancel", run.job]);
    expect(await run.over()).toBe("CANCELLED");
    expect(await run.until("ended")).toMatchObject({ state: "stopped" });
  });

  it("takes the next ports where a program listens, and says when there are none", async () => {
    const profile = { ...clusterProfileOf(cluster), ports: { first: 21_000, last: 21_063 } };
    const listen = (ports: readonly number[]) => {
      const script = `for (const p of [${ports}]) require("net").createServer().listen(p)`;
      return cluster.on("a4", [process.execPath, "-e", `${script}; setTimeout(() => {}, 6e4)`]);
    };
    const first = listen([21_000, 21_010, 21_025, 21_030, 21_049]);
    first.catch(() => undefined);
    const lucky = await start(cluster, standInPlan({ id: "ports", nodes: 4 }), profile);
    expect(await lucky.over()).toBe("COMPLETED");
    const ports = (await lucky.log("attempts/0/ports")).trim().split("\n");
    expect(ports.map((line) => Number(line.split(" ")[1]))).toEqual(
      Array.from({ length: 10 }, (_, i) => 21_050 + i),
    );
    const second = listen([21_055]);
    second.catch(() => undefined);
    const unlucky = await start(cluster, standInPlan({ id: "no-ports", nodes: 4 }), profile);
    expect(await unlucky.over()).toBe("FAILED");
    expect(unlucky.events().at(-1)?.reason).toMatch(
      /^Cannot pick 10 ports: all from 21000 to 21063/,
    );
    await killOn(cluster, "a4", "createServer");
  });

  it("names the node that does not see the shared folder", async () => {
    await cluster.on("a2", ["mount", "-t", "tmpfs", "tmpfs", cluster.shared]);
    const profile = clusterProfileOf(cluster, { canary_seconds: 5 });
    const run = await start(cluster, standInPlan({ id: "blind", nodes: 4 }), profile);
    expect(await run.over()).toBe("FAILED");
    await cluster.on("a2", ["umount", cluster.shared]);
    expect(run.events().at(-1)).toMatchObject({ event: "ended", state: "failed", code: 4 });
    expect(run.events().at(-1)?.reason).toMatch(
      /^Cannot use node\(s\) a2: they do not see what a1/,
    );
  });

  it("gives up on a sampler that never becomes ready", async () => {
    const plan = standInPlan({
      id: "never-ready",
      nodes: 1,
      moods: { "sampler-1": "never" },
      change: (role) =>
        role.ready && role.name === "sampler-1"
          ? { ...role, ready: { ...role.ready, timeoutSeconds: 3 } }
          : role,
    });
    const run = await start(cluster, plan);
    expect(await run.over()).toBe("FAILED");
    expect(run.events().at(-1)?.reason).toBe(
      'Cannot use "sampler-1": it does not answer /health with 200, expected it ready within 3 s',
    );
    expect(run.events().some(({ role }) => role === "trainer")).toBe(false);
  });

  it("ends a run whose progress stands still, with the last words of its roles", async () => {
    const plan = standInPlan({
      id: "stalled",
      nodes: 1,
      trainer: { hangAt: 3 },
      change: ({ heartbeat, ...role }) =>
        heartbeat ? { ...role, heartbeat: { ...heartbeat, stallSeconds: 3 } } : role,
    });
    const run = await start(cluster, plan);
    expect(await run.over()).toBe("FAILED");
    expect(run.events().at(-1)).toMatchObject({ code: 5, state: "failed" });
    expect(run.events().at(-1)?.reason).toMatch(
      /^Cannot go on with role "trainer": "progress\/grpo\.jsonl" stands still for \d+ s/,
    );
    expect(await run.log("attempts/0/evidence/trainer.log")).toMatch(/r1sgg starts trainer on a1/);
  });
});
