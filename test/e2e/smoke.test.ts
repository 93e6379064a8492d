import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import type { SmokeMetrics } from "../../src/launch/smoke-metrics.ts";
import { requires } from "../helpers/requires.ts";
import {
  isInGrpo,
  type Recorded,
  r1sgg,
  readJson,
  readLines,
  rewindToGrpo,
  survivors,
  until,
} from "./smoke-process.ts";

const minute = 60_000;

/** One real run, looked at from all sides, then broken in every way from its GRPO stage on. */
requires("python").describe("r1sgg smoke", () => {
  let folder: string;
  let run: string;
  let first: Awaited<ReturnType<typeof r1sgg>>;
  let metrics: SmokeMetrics;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "r1sgg smoke "));
    run = join(folder, "run");
    first = await r1sgg("smoke", "--device", "cpu", "--out", run);
    // All that follows looks at this run or goes on from it: without it there is nothing to test.
    expect(first.exitCode, first.all).toBe(0);
    metrics = readJson(run, "metrics.json");
  }, 15 * minute);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("ends well, prints the table of three methods and leaves nothing running", () => {
    expect(metrics.rows.map(({ method }) => method)).toEqual(["baseline", "SFT", "SFT+RL"]);
    for (const { method } of metrics.rows) expect(first.stdout).toContain(method);
    expect(survivors(readJson<Recorded>(run, "record.json").token)).toEqual([]);
  });

  it("keeps trainer and sampler in step, resets every cache at every sync", async () => {
    const { integrity } = metrics;
    expect(integrity.logprob_max_abs_diff).toBeLessThan(1e-5);
    expect(integrity.logprob_max_abs_diff).toBeGreaterThan(0);
    expect(integrity.special_tokens_sampled).toBe(0);
    const log = await readFile(join(run, "logs", "sampler.log"), "utf8");
    const loads = log.split("POST /collective_rpc").length - 1;
    expect(loads).toBeGreaterThanOrEqual(integrity.weight_syncs);
    for (const cache of ["mm", "encoder", "prefix"])
      expect(log.split(`POST /reset_${cache}_cache`).length - 1).toBeGreaterThanOrEqual(loads);
  });

  it("rewards as the endpoint answers, seen by another reader of TRL's log", async () => {
    const { steps, steps_with_variance, completions } = metrics.integrity.rewards;
    expect(steps).toBeGreaterThanOrEqual(4);
    expect(steps_with_variance).toBeGreaterThanOrEqual(1);
    const script = `
import glob, json, sys
import numpy, pandas
answers = {a["request_id"]: a["rewards"] for a in map(json.loads, open(sys.argv[1] + "/rewards.jsonl"))}
rows = pandas.concat(map(pandas.read_parquet, sorted(glob.glob(sys.argv[1] + "/completions/*.parquet"))))
names = ["format_reward", "edge_hard_reward"]
wrong = sum(float(row[n]) != float(numpy.float32(answers[row["request_id"]][n][int(row["request_index"])])) for _, row in rows.iterrows() for n in names)
print(json.dumps({"rows": len(rows), "wrong": wrong, "requests": rows["request_id"].nunique()}))`;
    const { python } = inject("pythonEnv")!;
    const { stdout } = await execa(python, ["-c", script, join(run, "grpo")]);
    expect(JSON.parse(stdout)).toEqual({ rows: completions, wrong: 0, requests: steps });
    const logged = readLines<Record<string, number>>(run, "progress", "grpo.jsonl");
    expect(logged.filter((line) => line.step).length).toBe(steps);
  });

  it("writes a report that asks for nothing else and has every image", async () => {
    const page = await readFile(join(run, "report", "index.html"), "utf8");
    expect(page).not.toMatch(/(src|href)="https?:/);
    for (const row of readLines<{ image_id: string }>(run, "data", "val.jsonl"))
      expect(page).toContain(row.image_id);
    for (const file of ["table.md", "curves.svg"])
      expect((await readFile(join(run, "report", file), "utf8")).length).toBeGreaterThan(100);
  });

  it(
    "passes over finished stages when started again, and refuses another seed",
    async () => {
      const again = await r1sgg("smoke", "--device", "cpu", "--out", run);
      expect(again.exitCode, again.all).toBe(0);
      expect(again.stdout).toBe(first.stdout);
      expect(readJson<Recorded>(run, "record.json").roles).toEqual([]);
      const other = await r1sgg("smoke", "--device", "cpu", "--out", run, "--seed", "7");
      expect(other.exitCode).toBe(2);
      expect(other.stderr).toContain("seed 0 instead of 7");
    },
    minute,
  );

  it.each(["sampler", "grpo", "reward"])(
    "ends with 4 and names the %s when that is killed, and can go on",
    async (name) => {
      const copy = await rewindToGrpo(run, join(folder, `killed ${name}`));
      const process = r1sgg("smoke", "--device", "cpu", "--out", copy);
      await until("GRPO has made a step", () => isInGrpo(copy), 5 * minute);
      const { roles, token } = readJson<Recorded>(copy, "record.json");
      const start = performance.now();
      globalThis.process.kill(roles.find((role) => role.name === name)!.pid, "SIGKILL");
      const ended = await process;
      expect(performance.now() - start).toBeLessThan(120_000);
      expect(ended.exitCode, ended.all).toBe(4);
      expect(ended.stderr).toContain(`role "${name}"`);
      expect(survivors(token)).toEqual([]);
      if (name !== "sampler") return;
      const resumed = await r1sgg("smoke", "--device", "cpu", "--out", copy);
      expect(resumed.exitCode, resumed.all).toBe(0);
      expect(resumed.stderr).toContain("sft: done before");
      expect(readJson<SmokeMetrics>(copy, "metrics.json").rows).toHaveLength(3);
    },
    12 * minute,
  );

  it(
    "stops on Ctrl-C with 130 and leaves nothing",
    async () => {
      const copy = await rewindToGrpo(run, join(folder, "interrupted"));
      const process = r1sgg("smoke", "--device", "cpu", "--out", copy);
      await until("GRPO has made a step", () => isInGrpo(copy), 5 * minute);
      process.kill("SIGINT");
      expect((await process).exitCode).toBe(130);
      const { token, state } = readJson<Recorded>(copy, "record.json");
      expect(state).toBe("interrupted");
      expect(survivors(token)).toEqual([]);
    },
    8 * minute,
  );

  it(
    "leaves nothing when the command itself is killed, and status says so",
    async () => {
      const copy = await rewindToGrpo(run, join(folder, "lost"));
      const process = r1sgg("smoke", "--device", "cpu", "--out", copy);
      await until("GRPO has made a step", () => isInGrpo(copy), 5 * minute);
      const { token } = readJson<Recorded>(copy, "record.json");
      process.kill("SIGKILL");
      await process;
      await until("nothing is left", () => survivors(token).length === 0, 120_000);
      const status = await r1sgg("status", copy, "--json");
      expect(status.stdout).toContain('"lost"');
    },
    8 * minute,
  );
});
