import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { requires } from "../helpers/requires.ts";
import type { SlurmCluster } from "../helpers/slurm-cluster.ts";
import {
  hosts,
  jobOver,
  r1sggOn,
  runFiles,
  runProcesses,
  startRealCluster,
  tinyZero,
  untilRunning,
} from "../helpers/slurm-real.ts";
import { readJson, readLines, until } from "./smoke-process.ts";

const minute = 60_000;

/**
 * All roles are real: eight trainers on two nodes, four vLLM servers on a third, one endpoint. The other four
 * servers of the sixteen places do not fit the 24 GiB of this project's machines; test/cluster has all
 * sixteen with stand-ins.
 */
requires("slurm").describe("a real Slurm of three nodes", () => {
  requires("python").describe("runs GRPO with eight trainers and four samplers", () => {
    let cluster: SlurmCluster;
    let folder: string;
    beforeAll(async () => {
      ({ cluster, folder } = await startRealCluster({ grpo: tinyZero(12, 2) }));
    }, 5 * minute);
    afterAll(() => cluster?.stop());

    it(
      "to its end, with all processes gone from every node and a complete record",
      async () => {
        const r1sgg = r1sggOn(cluster, folder);
        const where = ["--on", "slurm", "--cluster", "cluster.yaml", "--gpus", "12"];
        const set = ["sampler.mode=server", "sampler.gpus=4"].flatMap((one) => ["--set", one]);
        const id = await r1sgg("launch", "grpo.yaml", ...where, ...set);
        const run = join(folder, "runs", id);
        const events = () => readLines<{ event: string; role?: string }>(run, "events.jsonl");
        const trains = () =>
          events().some(({ event, role }) => event === "role started" && role === "trainer");
        const over = () => events().some(({ event }) => event === "ended");
        await until("the trainers start", () => trains() || over(), 20 * minute);
        const wanted = { a1: "torchrun", a2: "torchrun", a3: "vllm" };
        const many = await untilRunning(cluster, wanted, over);
        const { slurm } = readJson<{ slurm: { job: string } }>(run, "record.json");
        await jobOver(cluster, slurm.job, 40);
        const status = JSON.parse(await r1sgg("status", id, "--json"));
        expect(status, await r1sgg("logs", id)).toMatchObject({
          state: "done",
          progress: { step: 2, of: 2 },
        });
        expect(many.map((found) => found.length > 0)).toEqual([true, true, true, false, false]);
        const left = await Promise.all(hosts.map((host) => runProcesses(cluster, host)));
        expect(left.flat()).toEqual([]);

        expect(runFiles.filter((file) => !existsSync(join(run, file)))).toEqual([]);
        expect(readJson(run, "record.json")).toMatchObject({ state: "done", stage: "grpo" });
        const { samplers } = readJson<{ samplers: { url: string }[] }>(run, "endpoints.json");
        const places = samplers.map(({ url }) => new URL(url).hostname);
        expect(places).toEqual(Array(4).fill("a3"));
        const steps = readLines<Readonly<Record<string, number>>>(run, "progress/trainer.jsonl");
        const used = steps.flatMap((line) => line["samplers/used"] ?? []);
        expect(used).toEqual([4, 4]);
        const ranks = readdirSync(join(run, "logs/ranks"), { recursive: true, encoding: "utf8" });
        expect(ranks.filter((name) => name.endsWith("stdout.log"))).toHaveLength(8);
        expect(existsSync(join(run, "checkpoints/final/config.json"))).toBe(true);
      },
      60 * minute,
    );
  });
});
