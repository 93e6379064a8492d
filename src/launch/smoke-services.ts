import { mkdir, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { servedModel } from "../plan/sampler-command.ts";
import { cliFile } from "../root.ts";
import { writeAtomic } from "../write-atomic.ts";
import { httpProbe, type Probe } from "./ready.ts";
import type { SmokeRun } from "./smoke-run.ts";
import { startVllm } from "./vllm-server.ts";

const rewardTimeoutMs = 60_000;

/** The services of a run, answering. */
export interface Services {
  readonly sampler: string;
  readonly reward: string;
}

/** Starts both services at once and writes endpoints.json when both answer. */
export async function startServices(run: SmokeRun, image: string): Promise<Services> {
  const { sampler: command } = run.plan;
  const [reward, { url: sampler }] = await Promise.all([
    startReward(run),
    startVllm({ ...run, name: "sampler", command, model: servedModel, image }),
  ]);
  const endpoints = {
    reward: { url: reward },
    samplers: [{ url: sampler, model: servedModel }],
  };
  await writeAtomic(join(run.runDir, "endpoints.json"), `${JSON.stringify(endpoints, null, 2)}\n`);
  return { reward, sampler };
}

/** The reward endpoint picks its port itself and tells it in a file, so that no clash can happen. */
async function startReward({ runDir, supervisor }: SmokeRun): Promise<string> {
  const ready = join(runDir, "reward-ready.json");
  await rm(ready, { force: true });
  const urlOf = async () => (JSON.parse(await readFile(ready, "utf8")) as { url: string }).url;
  const probe: Probe = async (signal) => {
    const url = await urlOf().catch(() => undefined);
    return url === undefined ? "not listening yet" : httpProbe(`${url}/ready`)(signal);
  };
  const log = join(runDir, "grpo", "rewards.jsonl");
  await mkdir(dirname(log), { recursive: true });
  await supervisor.start(
    {
      name: "reward",
      kind: "service",
      command: process.execPath,
      args: [
        ...process.execArgv,
        cliFile,
        ...["reward", "serve", "--port", "0", "--ready-file", ready, "--log", log],
      ],
      logPath: join(runDir, "logs", "reward.log"),
    },
    { untilReady: { probe, timeoutMs: rewardTimeoutMs } },
  );
  return urlOf();
}
