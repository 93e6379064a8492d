/**
 * `npm run bench:load [-- --seconds 60] [--million] [--serve "--workers 2"]`: the endpoint under load.
 *
 * Sixteen clients send 64 completions each, over and over, while another process asks /health. Each
 * body's answer is kept from a first round, one after the other; under load every answer must equal
 * it byte for byte, so that nothing is lost or mixed up. `--million` instead sends a million
 * completions, all different, and prints the memory that the server takes meanwhile.
 *
 * Server, clients and health checks are processes of their own.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { Agent } from "node:http";
import { availableParallelism, cpus } from "node:os";
import { parseArgs } from "node:util";
import { randomStream } from "../src/core/random-stream.ts";
import { exchange, quantile } from "./bench-load/exchange.ts";
import { requestBody } from "./bench-load/requests.ts";
import { startServer } from "./bench-load/server.ts";

const [clients, completions] = [16, 64];
const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "60" },
    million: { type: "boolean", default: false },
    serve: { type: "string", default: "" },
  },
});
const server = await startServer(values.serve.split(" ").filter(Boolean));
const agent = new Agent({ keepAlive: true, maxSockets: clients });
const rewards = `${server.url}/v1/rewards`;
const processor = cpus()[0]?.model ?? "unknown";
console.log(`${availableParallelism()} cores, ${processor}; Node ${process.versions.node}`);
console.log(`server ready after ${Math.round(server.readyMs)} ms`);

async function load(seconds: number): Promise<void> {
  const random = randomStream("bench-load");
  const bodies = Array.from({ length: 64 }, (_, i) => requestBody(random, completions, `b${i}`));
  const expected: Buffer[] = [];
  for (const body of bodies) expected.push((await exchange(agent, rewards, body)).body);

  const health = fork(new URL("./bench-load/health.ts", import.meta.url), [server.url]);
  const times: number[] = [];
  const faults = new Map<string, number>();
  const end = performance.now() + seconds * 1000;
  const client = async (_: unknown, first: number): Promise<void> => {
    for (let i = first; performance.now() < end; i += clients + 1) {
      const at = i % bodies.length;
      const { status, body, ms } = await exchange(agent, rewards, bodies[at]);
      times.push(ms);
      const fault = status !== 200 ? `status ${status}` : !body.equals(expected[at]!) && "mixed up";
      if (fault) faults.set(fault, (faults.get(fault) ?? 0) + 1);
    }
  };
  const started = performance.now();
  await Promise.all(Array.from({ length: clients }, client));
  const took = (performance.now() - started) / 1000;
  health.send("stop");
  const [healthTimes] = (await once(health, "message")) as [number[]];

  const bytes = bodies.reduce((sum, { length }) => sum + length, 0) / bodies.length;
  const rate = times.length / took;
  console.log(
    `${clients} clients × ${completions} completions (${Math.round(bytes / 1024)} KiB) for ${took.toFixed(0)} s: ` +
      `${times.length} requests, p50 ${quantile(times, 0.5)} ms, p99 ${quantile(times, 0.99)} ms, ` +
      `${rate.toFixed(1)} requests/s, ${Math.round(rate * completions)} completions/s`,
  );
  console.log(
    `/health meanwhile, ${healthTimes.length} times: p50 ${quantile(healthTimes, 0.5)} ms, ` +
      `p99 ${quantile(healthTimes, 0.99)} ms, worst ${quantile(healthTimes, 1)} ms`,
  );
  console.log(`lost or mixed up: ${JSON.stringify(Object.fromEntries(faults))} of ${times.length}`);
  if (faults.size > 0) process.exitCode = 1;
}

async function million(): Promise<void> {
  const random = randomStream("bench-million");
  const total = 1_000_000;
  let [sent, answered] = [0, 0];
  const client = async (): Promise<void> => {
    while (sent < total) {
      sent += completions;
      const { status } = await exchange(agent, rewards, requestBody(random, completions, "m"));
      if (status !== 200) throw new Error(`status ${status} after ${answered} completions`);
      answered += completions;
      if (answered % (completions * 782) === 0) await tell(answered);
    }
  };
  await tell(0);
  await Promise.all(Array.from({ length: 4 }, client));
  await tell(answered);
}

/** The server's memory, and its own count of completions. */
async function tell(answered: number): Promise<void> {
  const { body } = await exchange(agent, `${server.url}/metrics`);
  const metric = (name: string): number =>
    [...body.toString().matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (.*)$`, "gm"))].reduce(
      (sum, [, value]) => sum + Number(value),
      0,
    );
  const mebibytes = Math.round(metric("process_resident_memory_bytes") / 2 ** 20);
  const heap = Math.round(metric("nodejs_heap_size_used_bytes") / 2 ** 20);
  console.log(
    `${answered} answered, ${metric("reward_completions_total")} counted: ` +
      `${mebibytes} MiB resident, ${heap} MiB of heap in the main thread`,
  );
}

await (values.million ? million() : load(Number(values.seconds)));
agent.destroy();
const exitCode = await server.stop();
console.log(`SIGTERM: ended with ${exitCode}`);
