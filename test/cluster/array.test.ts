import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, vi } from "vitest";
import { stringify } from "yaml";
import { shipped } from "../../src/root.ts";
import { readJson, readLines, until } from "../e2e/smoke-process.ts";
import { requires } from "../helpers/requires.ts";
import { type SlurmCluster, startSlurmCluster } from "../helpers/slurm-cluster.ts";
import { jobOver, r1sggOn } from "../helpers/slurm-real.ts";
import { leftovers, startNow } from "../helpers/slurm-run.ts";

vi.setConfig({ testTimeout: 600_000 }); // many jobs, one after the other
const { describe, it } = requires("slurm");

const scenes = { synth: { count: 2, seed: 2 } };
/** A training that keeps a model every ten steps, and what is asked and judged of each of them. */
const recipes = {
  sft: {
    extends: shipped("recipes/smoke/sft.yaml"),
    model: { path: "model", family: "qwen2-vl" },
    sft: { checkpoints: { model_every_steps: 10 } },
  },
  infer: {
    extends: shipped("recipes/smoke/infer.yaml"),
    model: { from: "sft.yaml" },
    data: { eval: scenes },
  },
  eval: {
    extends: shipped("recipes/smoke/eval.yaml"),
    predictions: { from: "infer.yaml" },
    data: { eval: scenes },
  },
  again: { extends: "infer.yaml", seed: 1 },
  judge: { extends: "eval.yaml", predictions: { from: "again.yaml" } },
};

describe("checkpoints as a job array", () => {
  let cluster: SlurmCluster;
  let folder: string;
  beforeAll(async () => {
    cluster = await startSlurmCluster();
    folder = join(cluster.shared, "home");
    await mkdir(join(folder, "model"), { recursive: true });
    const profile = {
      name: "virtual",
      node: { gpus: 4, gpu: "a100", gpu_memory_gib: 80, cpus: 64, memory_gib: 480, arch: "x86_64" },
      slurm: {
        ...{ partition: "a100", time_limit: "00:10:00", signal_lead_seconds: 120 },
        ...{ grace_seconds: 3, tick_seconds: 1, canary_seconds: 30 },
      },
      storage: { runs: join(cluster.shared, "runs") },
      setup: [
        `export PATH="${shipped("test/cluster/stand-ins/bin")}:${shipped("bin")}:$PATH"`,
        `export R1SGG_TEST_MOOD="$(cat "${folder}/mood")" R1SGG_TEST_HOLD="${folder}/hold"`,
      ],
    };
    await writeFile(join(folder, "cluster.yaml"), stringify(profile));
    await writeFile(join(folder, "mood"), "");
    for (const [name, recipe] of Object.entries(recipes))
      await writeFile(join(folder, `${name}.yaml`), stringify(recipe));
  });
  afterAll(() => cluster?.stop());

  const r1sgg = (...args: readonly string[]) => r1sggOn(cluster, folder)(...args);
  const launch = async (name: string, ...more: readonly string[]) => {
    const where = ["--on", "slurm", "--cluster", "cluster.yaml", "--gpus", "1"];
    return (await r1sgg("launch", `${name}.yaml`, ...where, ...more)).split("\n");
  };
  const runOf = (id: string) => join(folder, "runs", id);
  const jobOf = (id: string) =>
    readJson<{ slurm: { job: string } }>(runOf(id), "record.json").slurm.job;
  const eventsOf = (id: string) =>
    readLines<{ event: string; state?: string; job?: string; reason?: string }>(
      runOf(id),
      "events.jsonl",
    );
  const starts = (id: string) =>
    eventsOf(id).filter(({ event }) => event === "attempt started").length;
  const hasBegun = (id: string) => eventsOf(id).some(({ event }) => event === "role started");
  const statusOf = async (id: string) => JSON.parse(await r1sgg("status", id, "--json"));

  it("waits for the training, then each evaluation for its own inference", async () => {
    await writeFile(join(folder, "hold"), "0"); // so that what waits can be seen to wait
    const [sft = ""] = await launch("sft");
    const asked = await launch("infer", "--checkpoints", "10,20,last");
    const judged = await launch("eval", "--checkpoints", "10,20,last");
    const [[array], [second]] = [jobOf(asked[0]!).split("_"), jobOf(judged[0]!).split("_")];
    expect(asked.map(jobOf)).toEqual([`${array}_0`, `${array}_1`, `${array}_2`]);
    const waits = async (job: string) =>
      /Dependency=(\S+)/.exec(await cluster.on("login", ["scontrol", "show", "job", job]))?.[1];
    expect(await waits(`${array}_1`)).toBe(`afterok:${jobOf(sft)}(unfulfilled)`);
    expect(await waits(`${second}_1`)).toMatch(new RegExp(`^aftercorr:${array}_[*1]\\(unfulf`));
    const { slurm } = await statusOf(judged[1]!);
    expect(slurm.known).toMatchObject({ job: `${second}_1`, state: "PENDING" });

    await rm(join(folder, "hold"));
    for (const id of [...asked, ...judged]) {
      await jobOver(cluster, jobOf(id), 8);
      expect(await statusOf(id), await r1sgg("logs", id)).toMatchObject({
        state: "done",
        slurm: { job: jobOf(id) },
      });
      expect(readJson(runOf(id), "record.json")).toMatchObject({ state: "done" });
      const started = eventsOf(id).find(({ event }) => event === "attempt started");
      expect(started?.job).toBe(jobOf(id));
    }
    expect(readLines(runOf(asked[1]!), "predictions.jsonl")).toHaveLength(2);
    const { "inputs/model": model } = readJson<{ inputs: Record<string, { file: string }> }>(
      ...[runOf(asked[1]!), "plan.json"],
    ).inputs;
    expect(model?.file).toBe("checkpoints/model-20");
    expect(readJson(runOf(judged[2]!), "metrics.json")).toMatchObject({ images: 2 });
    expect(await r1sgg("why", asked[1]!)).toBe("done: it did all it had to");
    expect(await r1sgg("logs", asked[1]!, "--role", "infer")).toMatch(/^--- .* starts infer on/);
    expect(await r1sgg("status")).toMatch(
      new RegExp(`^${judged[1]} +done +eval .* job ${second}_1 `, "m"),
    );
    expect(await leftovers(cluster)).toEqual([]);
  });

  it("starts again, is cancelled and goes on task by task", async () => {
    await writeFile(join(folder, "mood"), "never");
    const [first = "", last = ""] = await launch("again", "--checkpoints", "10,20");
    const [judged = "", other = ""] = await launch("judge", "--checkpoints", "10,20");
    await until("both run", () => hasBegun(first) && hasBegun(last), 300_000);
    // The last task's own number is the whole array's: what is meant for it must not reach the others.
    await cluster.on("login", ["scancel", "--batch", "--signal=USR1", jobOf(last)]);
    const requeued = () => eventsOf(last).find(({ state }) => state === "requeued");
    await until("the last starts again", () => requeued() !== undefined, 300_000);
    expect(requeued()?.reason).toMatch(/^the time is nearly up before its tasks could start/);
    expect(await statusOf(first)).toMatchObject({ state: "running" });
    await expect(r1sgg("resume", first)).rejects.toThrow(/job \d+_0 is running, expected one that/);
    expect(await r1sgg("cancel", first)).toMatch(/^run ".*": job \d+_0 has ended \(CANCELLED\)$/);
    expect(await r1sgg("why", first)).toBe("cancelled: somebody cancelled the job");
    expect(await statusOf(first)).toMatchObject({ state: "interrupted" });

    await jobOver(cluster, jobOf(judged), 8); // the evaluation of what will never be there
    expect(await r1sgg("why", judged)).toBe(
      "upstream: the run that it waited for did not end well",
    );
    await expect(r1sgg("resume", judged)).rejects.toThrow(
      /there is no predictions\.jsonl of "small-infer", expected that run done or under way/,
    );

    await writeFile(join(folder, "mood"), "");
    await startNow(cluster, jobOf(last));
    await jobOver(cluster, jobOf(last), 8);
    expect(await statusOf(last)).toMatchObject({ state: "done", slurm: { attempt: 1 } });
    expect([starts(first), starts(last)]).toEqual([1, 2]);
    expect(await r1sgg("resume", first)).toBe(first);
    expect(jobOf(first)).toMatch(/^\d+$/);
    expect(await r1sgg("resume", judged)).toBe(judged);
    for (const id of [first, judged, other]) await jobOver(cluster, jobOf(id), 8);
    expect(await statusOf(first)).toMatchObject({ state: "done", slurm: { attempt: 1 } });
    expect(await statusOf(judged)).toMatchObject({ state: "done" });
    expect(await statusOf(other)).toMatchObject({ state: "done" });
    expect(await leftovers(cluster)).toEqual([]);
  });

  it("is rendered to be read, and taken by sbatch --test-only", async () => {
    const args = ["--checkpoints", "10,last", "--cluster", "cluster.yaml", "--out", "job"];
    const out = await r1sgg("render", "infer.yaml", "--gpus", "1", ...args);
    const script = await readFile(join(out, "array.sbatch"), "utf8");
    expect(script).toContain("#SBATCH --array=0-1\n");
    const test = ["sbatch", "--test-only", join(out, "array.sbatch")];
    expect(await cluster.on("login", test)).toBe("");
  });
});
