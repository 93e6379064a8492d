import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect } from "vitest";
import { shipped } from "../../src/root.ts";
import { requires } from "../helpers/requires.ts";
import { type SlurmCluster, startSlurmCluster } from "../helpers/slurm-cluster.ts";
import { leftovers } from "../helpers/slurm-run.ts";

const { describe, it } = requires("slurm");

/** The virtual cluster as a user would describe it; programs are stand-ins, but for r1sgg itself. */
const profile = (shared: string): string => `
name: virtual
node: { gpus: 4, gpu: a100, gpu_memory_gib: 80, cpus: 64, memory_gib: 480, arch: x86_64 }
slurm:
  partition: a100
  time_limit: "00:10:00"
  signal_lead_seconds: 120
  grace_seconds: 3
  tick_seconds: 1
  canary_seconds: 30
storage: { runs: ${join(shared, "runs")} }
setup:
  - export R1SGG_TEST_HOLD=${join(shared, "hold")}
  - export PATH="${shipped("test/cluster/stand-ins/bin")}:${shipped("bin")}:$PATH"
`;

describe("r1sgg on a login node", () => {
  let cluster: SlurmCluster;
  let folder: string;
  beforeAll(async () => {
    cluster = await startSlurmCluster();
    folder = join(cluster.shared, "home");
    await mkdir(folder);
    await writeFile(join(folder, "cluster.yaml"), profile(cluster.shared));
    await mkdir(join(folder, "model"));
    for (const name of ["sft", "grpo"]) {
      const text = await readFile(shipped(`recipes/smoke/${name}.yaml`), "utf8");
      const here = text
        .replace("_tiny.yaml", shipped("recipes/smoke/_tiny.yaml"))
        .replace(/^ {2}tiny: .*$/m, "  path: model"); // a tiny one would be made by the real worker
      await writeFile(join(folder, `${name}.yaml`), here);
    }
  });
  afterAll(() => cluster?.stop());

  const r1sgg = (...args: readonly string[]) =>
    cluster.on("login", [process.execPath, shipped("src/cli/main.ts"), ...args], { cwd: folder });
  const launch = (recipe: string, ...more: readonly string[]) =>
    r1sgg(
      "launch",
      recipe,
      "--on",
      "slurm",
      "--cluster",
      "cluster.yaml",
      "--gpus",
      recipe === "sft.yaml" ? "1" : "2",
      ...more,
    );
  /** Trainings wait at their tenth step, however long we take. */
  const hold = () => writeFile(join(cluster.shared, "hold"), "");
  const letGo = () => rm(join(cluster.shared, "hold"));
  const statusOf = async (id: string) => JSON.parse(await r1sgg("status", id, "--json"));
  const ended = async (id: string) => {
    for (let tries = 0; tries < 300; tries += 1) {
      const status = await statusOf(id);
      if (!["queued", "running"].includes(status.state)) return status;
      await delay(500); // only Slurm knows
    }
    throw new Error(`${id} does not end: ${await r1sgg("logs", id)}`);
  };

  it("launches a chain whose jobs wait for each other, and tells how each is and was", async () => {
    await hold();
    const sft = await launch("sft.yaml");
    const grpo = await launch("grpo.yaml");
    expect([sft, grpo].join()).toMatch(/^small-sft-[0-9a-f]{8},small-grpo-[0-9a-f]{8}$/);
    const { slurm } = await statusOf(grpo);
    expect(slurm.known).toMatchObject({ state: "PENDING", reason: "Dependency" });
    const facts = await readFile(join(cluster.shared, "runs", grpo, "facts.json"), "utf8");
    expect(JSON.parse(facts)).toMatchObject({ stack: {}, hardware: "2 × a100 of virtual" });
    await expect(launch("sft.yaml")).rejects.toThrow(/Cannot launch run "small-sft-.*r1sgg resume/);
    await letGo();

    expect(await ended(sft)).toMatchObject({ state: "done", progress: { step: 30, of: 30 } });
    expect(await r1sgg("why", sft)).toBe("done: it did all it had to");
    expect(await r1sgg("logs", sft, "--role", "trainer")).toMatch(
      /^--- .* r1sgg starts trainer on/,
    );

    expect(await ended(grpo)).toMatchObject({ state: "done", progress: { step: 30 } });
    const table = (await r1sgg("status")).split("\n");
    const words = String.raw`+30/30 +\d+\.\d+ s/step +1\.00 +- +job \d+ +\d{4}-.*`;
    expect(table[1]).toMatch(new RegExp(`^small-sft-\\w+ +done +sft ${words}`));
    expect(table[2]).toMatch(new RegExp(`^small-grpo-\\w+ +done +grpo ${words}`));
    expect(
      JSON.parse(await readFile(join(folder, "runs", grpo, "record.json"), "utf8")),
    ).toMatchObject({ state: "done", slurm: { cluster: "virtual" } });
    expect(await leftovers(cluster)).toEqual([]);
  });

  it("cancels, says why, and goes on in a new job from the last checkpoint", async () => {
    await hold();
    const id = await launch("sft.yaml", "--set", "seed=1");
    const steps = async () => (await statusOf(id)).progress?.step ?? 0;
    while ((await steps()) < 3) await delay(200); // the trainer saves every other step
    await expect(r1sgg("resume", id)).rejects.toThrow(/job \d+ is running, expected one that has/);
    expect(await r1sgg("cancel", id)).toMatch(/^run ".*": job \d+ has ended \(CANCELLED\)$/);
    expect(await leftovers(cluster)).toEqual([]);
    expect(await statusOf(id)).toMatchObject({ state: "interrupted" });
    expect(await r1sgg("why", id)).toBe("cancelled: somebody cancelled the job");
    await letGo();
    expect(await r1sgg("resume", id)).toBe(id);
    expect(await ended(id)).toMatchObject({ state: "done", slurm: { attempt: 1 } });
    expect(await readFile(join(folder, "runs", id, "progress/grpo.jsonl"), "utf8")).toMatch(
      /resuming from step \d/,
    );
  });

  it("looks at the cluster of a profile, and names what is wrong with its mend", async () => {
    const good = await r1sgg("doctor", "--cluster", "cluster.yaml");
    expect(good).toMatch(/^ok +Slurm: slurm-wlm 22/);
    expect(good).toMatch(/^ok +GPUs a node: 4 of 4$/m);
    expect(good).toMatch(/^ok +sbatch --test-only: Job \d+ to start at/m);
    const text = profile(cluster.shared)
      .replace("gpu: a100", "gpu: h100")
      .replace("memory_gib: 480", "memory_gib: 5000")
      .replace('"00:10:00"', "1-12:00:00")
      .replace(/runs: .* }/, "runs: /etc/hosts }")
      .replace(
        "setup:",
        "runtime: { kind: apptainer, images: { worker: /w.sif, sampler: /w.sif, reward: x } }\nsetup:",
      );
    await writeFile(join(folder, "bad.yaml"), text);
    const bad = await r1sgg("doctor", "--cluster", "bad.yaml").catch((cause) => cause);
    expect(bad.stderr).toMatch(
      /Cannot run on this cluster as it is: partition, GPUs a node, memory a node, run folder, image, sbatch --test-only/,
    );
    expect(bad.stdout).toMatch(/"a100" gives 1-00:00:00 at most, slurm.time_limit is 1-12:00:00/);
    expect(bad.stdout).toMatch(/FAULT +image: no \/w\.sif\n +→ make it: r1sgg containers build/);
  });

  it("says what Slurm says of a job that it does not take", async () => {
    const text = profile(cluster.shared).replace("partition: a100", "partition: nowhere");
    await writeFile(join(folder, "other.yaml"), text.replace("shared/runs", "shared/others"));
    const args = ["launch", "sft.yaml", "--on", "slurm", "--cluster", "other.yaml"];
    await expect(r1sgg(...args)).rejects.toThrow(
      /Cannot submit run ".*" to Slurm: .*invalid partition specified: nowhere/,
    );
  });
});
