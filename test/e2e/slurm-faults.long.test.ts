import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { requires } from "../helpers/requires.ts";
import type { SlurmCluster } from "../helpers/slurm-cluster.ts";
import {
  hosts,
  jobOver,
  r1sggOn,
  runProcesses,
  startRealCluster,
  tinyZero,
} from "../helpers/slurm-real.ts";
import { startNow } from "../helpers/slurm-run.ts";
import { readJson, readLines, until } from "./smoke-process.ts";

const minute = 60_000;

/** What test/cluster does to light stand-ins, done to the real endpoint, vLLM and two trainers. */
requires("slurm").describe("faults of a real run on Slurm", () => {
  requires("python").describe("of two trainers and one sampler", () => {
    let cluster: SlurmCluster;
    let folder: string;
    beforeAll(async () => {
      const recipes = { endless: tinyZero(3, 500), short: tinyZero(3, 4) };
      ({ cluster, folder } = await startRealCluster(recipes));
    }, 5 * minute);
    afterAll(() => cluster?.stop());

    const r1sgg = (...args: readonly string[]) => r1sggOn(cluster, folder)(...args);
    const launch = async (recipe: string, seed: number) => {
      const where = ["--on", "slurm", "--cluster", "cluster.yaml"];
      const set = ["sampler.mode=server", "sampler.gpus=1", `seed=${seed}`];
      const sets = set.flatMap((one) => ["--set", one]);
      const id = await r1sgg("launch", `${recipe}.yaml`, ...where, ...sets);
      const run = join(folder, "runs", id);
      const { slurm } = readJson<{ slurm: { job: string } }>(run, "record.json");
      return { id, run, job: slurm.job };
    };
    const stepsOf = (run: string) =>
      readLines<{ step?: number }>(run, "progress/trainer.jsonl").flatMap(({ step }) => step ?? []);
    const untilStep = (run: string, step: number) =>
      until(`step ${step}`, () => Math.max(0, ...stepsOf(run)) >= step, 30 * minute);
    const endOf = (run: string) =>
      readLines<{ event: string; state?: string; reason?: string }>(run, "events.jsonl").at(-1);
    const isGone = async () =>
      expect((await Promise.all(hosts.map((host) => runProcesses(cluster, host)))).flat()).toEqual(
        [],
      );
    /** Kills the processes of a run on its host whose command has a word. */
    const kill = (word: string) => cluster.on("a1", ["pkill", "-KILL", "-f", "--", word]);

    it.each([
      ["a trainer", 1, "r1sgg_worker grpo", /^Cannot go on without role "trainer": it .* on a1/],
      ["the sampler", 2, "vllm serve", /^Cannot go on without role "(sampler-0|trainer)"/],
      [
        "the reward endpoint",
        3,
        "reward serve",
        /^Cannot go on without role "reward": it .* on a1/,
      ],
    ])(
      "ends when %s is killed, and leaves nothing",
      async (_, seed, word, reason) => {
        const { run, job } = await launch("endless", seed);
        await untilStep(run, 1);
        await kill(word);
        await jobOver(cluster, job, 10);
        expect(endOf(run)).toMatchObject({ event: "ended", state: "failed" });
        expect(endOf(run)?.reason).toMatch(reason);
        await isGone();
      },
      45 * minute,
    );

    it(
      "leaves nothing after cancel, and goes on with the step after its checkpoint",
      async () => {
        const { id, run } = await launch("short", 4);
        await untilStep(run, 1);
        expect(await r1sgg("cancel", id)).toMatch(/has ended \(CANCELLED\)$/);
        await isGone();
        await r1sgg("resume", id);
        const { slurm } = readJson<{ slurm: { job: string } }>(run, "record.json");
        await jobOver(cluster, slurm.job, 30);
        expect(endOf(run)).toMatchObject({ state: "done" });
        expect(stepsOf(run).at(-1)).toBe(4);
        await isGone();
      },
      60 * minute,
    );

    it(
      "saves when its time is nearly up, starts again, and does every step once",
      async () => {
        const { run, job } = await launch("short", 5);
        await untilStep(run, 1);
        await cluster.on("login", ["scancel", "--batch", "--signal=USR1", job]);
        await startNow(cluster, job, 10);
        await jobOver(cluster, job, 30);
        expect(endOf(run)).toMatchObject({ state: "done", attempt: 1 });
        expect(stepsOf(run)).toEqual([1, 2, 3, 4]);
        await isGone();
      },
      60 * minute,
    );

    it(
      "goes on from its checkpoint on another node when it loses its own",
      async () => {
        const { run, job } = await launch("short", 6);
        await untilStep(run, 2);
        await cluster.kill("a1");
        await startNow(cluster, job, 10);
        await jobOver(cluster, job, 30);
        expect(endOf(run)).toMatchObject({ state: "done", attempt: 1 });
        expect(stepsOf(run).at(-1)).toBe(4);
        await cluster.boot("a1");
        await isGone();
      },
      60 * minute,
    );
  });
});
