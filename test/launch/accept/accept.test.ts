import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { SggError } from "../../../src/errors.ts";
import { accept, planRuns } from "../../../src/launch/accept/accept.ts";
import type { Starter } from "../../../src/launch/accept/run-once.ts";
import { acceptGpus, planAcceptance } from "../../../src/plan/acceptance.ts";
import type { Acceptance } from "../../../src/report/acceptance/acceptance.ts";
import { r1sgg } from "../../cli/r1sgg.ts";
import { a100, desk, laptop } from "../../plan/machines.ts";
import { standInStarter } from "./stand-in-host.ts";

const tell = { update: () => undefined, end: () => undefined, say: () => undefined };

async function newFolder(): Promise<string> {
  const out = await mkdtemp(join(tmpdir(), "r1sgg accept-"));
  onTestFinished(() => rm(out, { recursive: true, force: true }));
  return out;
}
const run = (out: string, gpus: number, starter: Starter) => {
  const machine = gpus === 0 ? laptop : gpus === 1 ? desk : a100;
  const facts = { code: "r1sgg", versions: { torch: "2" }, hardware: { cpu: "1 x test" } };
  return accept(planAcceptance(gpus, null), { out, machine, facts, tell, starter });
};
const recordIn = async (out: string) =>
  JSON.parse(await readFile(join(out, "acceptance.json"), "utf8")) as Acceptance;
const verdicts = ({ checks }: Acceptance) => checks.map(({ verdict }) => verdict).join(" ");

describe("the kit's plan", () => {
  it.each([
    [0, laptop, "start disk", "1 server", "disk"],
    [1, desk, "start disk colocated", "1 server", "disk"],
    [2, a100, "start disk nccl colocated", "1 server", "nccl"],
    [4, a100, "start disk nccl colocated", "2 servers", "nccl"],
  ])("on %i GPUs", async (gpus, machine, names, servers, last) => {
    const runs = await planRuns(planAcceptance(gpus, null), machine);
    expect(Object.keys(runs).join(" ")).toBe(names);
    const trainers = gpus === 0 ? undefined : gpus;
    expect(runs.colocated?.plan.roles.at(-1)?.gpus.length).toBe(trainers);
    expect(runs.colocated?.plan.endpoints?.samplers ?? []).toEqual([]);
    const { plan } = (runs.nccl ?? runs.disk)!;
    const count = plan.endpoints?.samplers.length;
    expect(`${count} server${count === 1 ? "" : "s"}`).toBe(servers);
    const config = JSON.parse(plan.files["artifacts/trainer.json"] ?? "");
    expect(config.weight_transport).toBe(last);
    expect(config.dtype).toBe(gpus === 0 ? "float32" : "bfloat16");
    expect(plan.device).toBe(gpus === 0 ? "cpu" : "cuda");
  });

  it("takes four GPUs, two or one", () => {
    expect([1, 2, 3, 4, 8].map(acceptGpus)).toEqual([1, 2, 2, 4, 4]);
  });

  it("has the steps and the checkpoint that its recipes have", async () => {
    const runs = await planRuns(planAcceptance(4, null), a100);
    const steps = Object.values(runs).map(({ plan }) => plan.arithmetic.steps);
    expect(steps).toEqual([60, 20, 6, 6]);
    expect(runs.disk?.plan.arithmetic.checkpointEvery).toBe(runs.disk?.cutAt);
  });

  it("starts from a model of the Hub where one is named, and refuses one that has no room", async () => {
    const two = await planRuns(planAcceptance(4, "Qwen/Qwen2-VL-2B-Instruct"), a100);
    expect(two.start?.plan.inputs["inputs/model"]).toMatchObject({ kind: "model" });
    expect(two.disk?.plan).toMatchObject({ family: "qwen2-vl" });
    expect(two.disk?.plan.memory?.weights).toBeGreaterThan(4);
    const seven = planRuns(planAcceptance(1, "Qwen/Qwen2-VL-7B-Instruct"), desk);
    await expect(seven).rejects.toMatchObject({ code: "PLAN" });
  });
});

describe("the kit with stand-ins for trainers and vLLM", () => {
  it("passes on four made-up GPUs: interrupted, resumed, by disk, by NCCL and in the trainers", async () => {
    const out = await newFolder();
    const acceptance = await run(out, 4, standInStarter());
    expect(verdicts(acceptance)).toBe(Array(10).fill("passed").join(" "));
    expect(acceptance).toMatchObject({ verdict: "passed", note: null, gpus: 4, device: "cuda" });
    expect(await recordIn(out)).toEqual(acceptance);
    const resume = acceptance.checks.find(({ name }) => name === "resume");
    expect(resume?.figures.resumed_from_step).toBeGreaterThanOrEqual(10);
    expect(JSON.stringify(acceptance)).not.toContain(out);
  });

  it("is a rehearsal on the CPU, and says so", async () => {
    const acceptance = await run(await newFolder(), 0, standInStarter());
    expect(acceptance.note).toBe("CPU rehearsal: proves nothing about GPUs");
    expect(acceptance.checks.at(-1)).toMatchObject({ verdict: "not run", why: "no GPU" });
    expect(acceptance).toMatchObject({ verdict: "passed", gpus: 0, device: "cpu" });
  });

  it("fails where log-probabilities differ, and runs the others nevertheless", async () => {
    const acceptance = await run(
      await newFolder(),
      4,
      standInStarter({ "accept-nccl": "weights" }),
    );
    expect(verdicts(acceptance)).toBe(`${Array(8).fill("passed").join(" ")} failed passed`);
    expect(acceptance.verdict).toBe("failed");
  });

  it("keeps what it has when it is interrupted, and goes on from there", async () => {
    const out = await newFolder();
    const stop = new SggError("INTERRUPTED", "Run was interrupted by SIGINT");
    const launches: string[] = [];
    const cut: Starter = (plan, ...rest) => {
      const again = launches.includes(plan.id);
      launches.push(plan.id);
      return again ? Promise.reject(stop) : standInStarter()(plan, ...rest);
    };
    await expect(run(out, 0, cut)).rejects.toBe(stop);
    const partial = await recordIn(out);
    expect(partial).toMatchObject({ verdict: "open", endedAt: null });
    expect(verdicts(partial)).toBe("passed open open open open open not run not run");
    const whole = await run(out, 0, standInStarter());
    expect(whole.verdict).toBe("passed");
  });

  it("names the run that failed, and those that start from it stay open", async () => {
    const acceptance = await run(
      await newFolder(),
      0,
      standInStarter({ "accept-start": "dies-3" }),
    );
    expect(verdicts(acceptance)).toBe("failed open open open open open not run not run");
    expect(acceptance.runs.start).toMatchObject({ state: "failed" });
    expect(acceptance.checks[0]?.why).toContain('role "trainer": it ended with exit code 5');
  });
});

it("is refused in one sentence where there is no GPU and no rehearsal is asked for", async () => {
  vi.stubEnv("PATH", "/nowhere"); // no nvidia-smi, whatever this machine has
  onTestFinished(() => void vi.unstubAllEnvs());
  const { code, err } = await r1sgg("doctor", "--accept");
  expect([code, err]).toEqual([
    4,
    "r1sgg: Cannot accept this machine: nvidia-smi lists no GPU, expected one or more (--device cpu rehearses the kit, which proves nothing about GPUs)\n",
  ]);
  const both = await r1sgg("doctor", "--accept", "--device", "cpu", "--gpus", "2");
  expect([both.code, both.err]).toEqual([
    2,
    "r1sgg: Cannot rehearse with --gpus 2, expected --device cpu alone\n",
  ]);
});
