import { existsSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect } from "vitest";
import { stringify } from "yaml";
import { shipped } from "../../src/root.ts";
import { readJson, readLines, until } from "../e2e/smoke-process.ts";
import { requires } from "../helpers/requires.ts";
import { type SlurmCluster, startSlurmCluster } from "../helpers/slurm-cluster.ts";
import {
  hosts,
  jobOver,
  r1sggOn,
  runFiles,
  runProcesses,
  untilRunning,
} from "../helpers/slurm-real.ts";

const { describe, it } = requires("slurm");

/** The real endpoint; light programs stand in for vLLM and the worker, one trainer a node. */
describe("a recipe of the paper on 16 GPUs", () => {
  let cluster: SlurmCluster;
  let folder: string;
  beforeAll(async () => {
    cluster = await startSlurmCluster();
    folder = join(cluster.shared, "home");
    await mkdir(join(folder, "model"), { recursive: true });
    const profile = {
      extends: shipped("slurm/generic-a100.yaml"),
      slurm: { grace_seconds: 3, tick_seconds: 1 },
      storage: { runs: join(cluster.shared, "runs"), caches: null },
      setup: [
        `export PATH="${shipped("test/cluster/stand-ins/bin")}:${shipped("bin")}:$PATH"`,
        `export R1SGG_TEST_HOLD=${join(folder, "hold")}`,
      ],
    };
    await writeFile(join(folder, "cluster.yaml"), stringify(profile));
    await writeFile(join(folder, "hold"), "");
    const recipe = {
      extends: shipped("recipes/paper/r1-sgg-zero/2b-vg150-open.yaml"),
      model: { path: "model", family: "qwen2-vl", like: "Qwen/Qwen2-VL-2B-Instruct" },
      data: { train: { synth: { count: 64, seed: 1 } } },
    };
    await writeFile(join(folder, "recipe.yaml"), stringify(recipe));
  });
  afterAll(() => cluster?.stop());

  it("runs to its end on four nodes, two that train and two of four samplers each, and leaves nothing", async () => {
    const r1sgg = r1sggOn(cluster, folder);
    const where = ["--on", "slurm", "--cluster", "cluster.yaml", "--gpus", "16"];
    const id = await r1sgg("launch", "recipe.yaml", ...where, "--set", "sampler.mode=server");
    const run = join(folder, "runs", id);
    const { slurm } = readJson<{ slurm: { job: string } }>(run, "record.json");
    const steps = () => readLines<{ step?: number }>(run, "progress/grpo.jsonl");
    await until("step 10", () => steps().some(({ step }) => step === 10), 200_000);
    const over = () => readLines<{ event: string }>(run, "events.jsonl").at(-1)?.event === "ended";
    const roles = await untilRunning(cluster, { a2: "/trainer.ts" }, over);
    const count = (word: string) =>
      roles.map((all) => all.filter((line) => line.includes(word)).length);
    expect(count("/service.ts")).toEqual([0, 0, 4, 4, 0]);
    expect(count("/trainer.ts")).toEqual([1, 1, 0, 0, 0]);
    expect(count("reward serve")[0]).toBeGreaterThan(0);
    await rm(join(folder, "hold"));
    await jobOver(cluster, slurm.job, 8);

    expect(JSON.parse(await r1sgg("status", id, "--json"))).toMatchObject({
      ...{ state: "done", stage: "grpo", progress: { step: 30, of: 30 } },
    });
    expect((await Promise.all(hosts.map((host) => runProcesses(cluster, host)))).flat()).toEqual(
      [],
    );
    expect(runFiles.filter((file) => !existsSync(join(run, file)))).toEqual([]);
    expect(readJson(run, "record.json")).toMatchObject({ state: "done" });
    const { reward, samplers } = readJson<Record<string, { url: string } & { url: string }[]>>(
      ...[run, "endpoints.json"],
    );
    const hostOf = ({ url }: { readonly url: string }) => new URL(url).hostname;
    expect(hostOf(reward!)).toBe("a1");
    expect(samplers!.map(hostOf)).toEqual([...Array(4).fill("a3"), ...Array(4).fill("a4")]);
  }, 600_000);
});
