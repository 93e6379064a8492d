import { afterAll, beforeAll, expect } from "vitest";
import { requires } from "../helpers/requires.ts";
import { type SlurmCluster, startSlurmCluster } from "../helpers/slurm-cluster.ts";

const { describe, it } = requires("slurm");

describe("the virtual cluster", () => {
  let cluster: SlurmCluster;
  let another: SlurmCluster;
  beforeAll(async () => {
    [cluster, another] = await Promise.all([startSlurmCluster(), startSlurmCluster()]);
  });
  afterAll(async () => {
    await Promise.all([cluster?.stop(), another?.stop()]);
  });

  it("runs a job on four nodes that know each other by name, beside another cluster", async () => {
    const ask = 'hostname; echo "$CUDA_VISIBLE_DEVICES"; exec 3<>/dev/tcp/login/6817';
    const job = ["srun", "-p", "a100", "-N4", "--gpus-per-node=a100:4", "bash", "-c", ask];
    const lines = (await cluster.on("login", job)).split("\n").toSorted();
    expect(lines).toEqual([...Array(4).fill("0,1,2,3"), "a1", "a2", "a3", "a4"]);
    expect(await another.on("login", ["srun", "-p", "normal", "hostname"])).toBe("g1");
  });

  it("has no way out", async () => {
    await expect(cluster.on("a1", ["ip", "route", "get", "192.0.2.1"])).rejects.toThrow(
      /unreachable/,
    );
  });

  it("loses a host with all its processes, and gets it back", async () => {
    await cluster.kill("a5");
    await expect(cluster.on("a5", ["true"])).rejects.toThrow();
    await cluster.boot("a5");
    const job = ["srun", "-p", "a100", "-w", "a5", "hostname"];
    expect(await cluster.on("login", job)).toBe("a5");
  });
});
