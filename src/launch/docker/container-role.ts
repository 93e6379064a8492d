/**
 * One container as a local process: `node container-role.ts FILE`, FILE a `ContainerRole` in JSON.
 *
 * It creates and starts the container, writes what that writes, ends as that ends, and removes it.
 * SIGTERM asks the container to end. So the supervision of local roles does for containers too:
 * readiness, the first to exit, grace times, the reaper.
 */
import { readFileSync } from "node:fs";
import { constants } from "node:os";
import type Docker from "dockerode";
import { stateAtEnd } from "./container-end.ts";
import { engineWords, open } from "./engine.ts";

/** What this process is told. */
export interface ContainerRole {
  readonly host: string;
  readonly options: Docker.ContainerCreateOptions;
  /** Between SIGTERM and SIGKILL for the container; less than our own grace. */
  readonly stopSeconds: number;
}

/** The engine failed, not the role; Docker's own command line says so by the same code. */
export const engineFailed = 125;

if (import.meta.main) await main(process.argv[2] ?? "");

async function main(file: string): Promise<void> {
  const role = JSON.parse(readFileSync(file, "utf8")) as ContainerRole;
  try {
    end(await run(role));
  } catch (cause) {
    console.error(`r1sgg: Cannot run container "${role.options.name}": ${engineWords(cause)}`);
    process.exit(engineFailed);
  }
}

interface End {
  readonly code: number;
  readonly outOfMemory: boolean;
}

async function run({ host, options, stopSeconds }: ContainerRole): Promise<End> {
  const asked = Promise.withResolvers<void>();
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const)
    process.on(signal, () => asked.resolve());
  const container = await open(host).createContainer(options);
  try {
    const output = await container.attach({ stream: true, stdout: true, stderr: true });
    const closed = new Promise((resolve) => output.once("close", resolve).once("end", resolve));
    container.modem.demuxStream(output, process.stdout, process.stderr);
    await container.start();
    void asked.promise.then(() => container.stop({ t: stopSeconds })).catch(() => undefined); // it has ended by itself, or the engine has gone: we shall see
    await closed;
    const { ExitCode, OOMKilled } = await stateAtEnd(container);
    return { code: ExitCode, outOfMemory: OOMKilled };
  } finally {
    await container.remove({ force: true, v: true }).catch(() => undefined);
  }
}

/** Ends as the container did: an init in it tells a signal as 128 and its number. */
function end({ code, outOfMemory }: End): void {
  if (outOfMemory) console.error("r1sgg: the kernel killed the container: its memory ran out");
  const signal = Object.entries(constants.signals).find(([, number]) => number === code - 128)?.[0];
  if (signal === undefined) process.exit(code);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
  setTimeout(() => process.exit(code), 1000); // a signal that we do not die of
}
