import { mkdir } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { SggError } from "../errors.ts";
import type { Server } from "../infer/servers.ts";
import { type ServeOptions, serveCommand } from "../plan/sampler-command.ts";
import type { Device } from "../plan/smoke-plan.ts";
import { listGpus } from "./device.ts";
import { ensurePythonEnv } from "./python-env.ts";
import type { Teller } from "./smoke-run.ts";
import { superviseRun } from "./supervise.ts";
import { startVllm } from "./vllm-server.ts";

/** Which servers to start, how many, and where their record and logs go. */
export interface InferServers extends Pick<ServeOptions, "maxModelLen" | "pixels"> {
  readonly count: number;
  /** An absolute folder, or a Hub id; what the servers call it too. */
  readonly model: string;
  readonly device: Device;
  /** Path of an image that each is asked about before it counts as ready. */
  readonly image: string;
  readonly runDir: string;
  readonly runId: string;
  readonly tell: Teller;
}

/**
 * Starts vLLM servers, does work with them, and ends them, however that goes.
 *
 * On `cuda` each has a GPU of its own, on `cpu` its share of the cores. One that ends while others
 * serve does not end the work.
 *
 * Errors: SggError LAUNCH when one does not start, or all have ended; INTERRUPTED on a signal to us;
 * what the work throws.
 */
export async function withServers<T>(
  options: InferServers,
  work: (servers: readonly Server[], signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { count, model, device, runDir, runId, tell } = options;
  const places = await placesOf(device, count);
  await mkdir(runDir, { recursive: true });
  return superviseRun({ runDir, runId, say: tell.say }, async (supervisor) => {
    const { signal } = supervisor;
    const python = await ensurePythonEnv({ device, say: tell.say, signal });
    supervisor.stage("servers");
    const started = await Promise.all(
      places.map(({ threads, env }, at) => {
        const command = serveCommand({
          ...options,
          dtype: device === "cuda" ? "bfloat16" : "float32",
          host: "127.0.0.1",
          weights: null,
          ...(threads !== undefined && { threads }),
        });
        return startVllm({
          ...options,
          ...{ name: `server-${at}`, supervisor, python, spare: true },
          command: { ...command, env: { ...command.env, ...env } },
        });
      }),
    );
    supervisor.stage("infer");
    const lost = new AbortController();
    void Promise.all(started.map(({ role }) => role.exited)).then(() =>
      lost.abort(allEnded(count, runDir)),
    );
    const servers = started.map(({ url }) => ({ url, model }));
    const ends = AbortSignal.any([signal, lost.signal]);
    return work(servers, ends);
  });
}

/** Where each server runs: a GPU, or a share of the cores. */
async function placesOf(device: Device, count: number) {
  const places = [...Array(count).keys()];
  if (device === "cpu") {
    const threads = Math.max(1, Math.floor(availableParallelism() / count));
    return places.map(() => ({ threads, env: {} }));
  }
  const visible = process.env.CUDA_VISIBLE_DEVICES?.split(",").filter(Boolean);
  const gpus = visible ?? (await listGpus()).map((_, at) => String(at));
  if (gpus.length < count)
    throw new SggError(
      "LAUNCH",
      `Cannot start ${count} servers: ${gpus.length} GPUs, expected one for each`,
    );
  return places.map((at) => ({ threads: undefined, env: { CUDA_VISIBLE_DEVICES: gpus[at]! } }));
}

const allEnded = (count: number, runDir: string): SggError =>
  new SggError(
    "LAUNCH",
    `Cannot go on: ${count === 1 ? "the server has" : `all ${count} servers have`} ended, expected one that serves; see the logs in "${runDir}/logs"`,
  );
