import { SggError } from "../../errors.ts";
import { deviceRequest } from "../../plan/docker/container-options.ts";
import { type Engine, engineWords } from "./engine.ts";
import { removeContainer } from "./sweep.ts";

/**
 * Refuses GPUs on an engine that would give none: Podman takes the request and forgets it.
 *
 * @throws {SggError} LAUNCH
 */
export function refusePodmanGpus({ kind, host, version }: Engine, gpus: readonly number[]): void {
  if (gpus.length === 0 || kind === "docker") return;
  throw new SggError(
    "LAUNCH",
    `Cannot use GPUs ${gpus.join(", ")} on "${host}": it is Podman ${version}, which serves Docker's API but leaves out GPUs without a word, expected a Docker engine (runs on CPU work)`,
  );
}

/**
 * Makes sure that the engine gives these GPUs, by a container that ends at once.
 *
 * No question of the API tells: an engine says so when a container with GPUs starts.
 *
 * @throws {SggError} LAUNCH with the engine's words
 */
export async function requireGpus(
  engine: Engine,
  image: string,
  gpus: readonly number[],
): Promise<void> {
  refusePodmanGpus(engine, gpus);
  if (gpus.length === 0) return;
  const container = await engine.docker.createContainer({
    ...{ Image: image, Entrypoint: ["true"], Cmd: [] },
    HostConfig: { NetworkMode: "none", DeviceRequests: [deviceRequest(gpus)] },
  });
  try {
    await container.start();
    await container.wait();
  } catch (cause) {
    throw new SggError(
      "LAUNCH",
      `Cannot use GPUs ${gpus.join(", ")} on "${engine.host}": the engine said "${engineWords(cause)}", expected a machine that has them and NVIDIA's Container Toolkit (nvidia-ctk runtime configure)`,
      { cause },
    );
  } finally {
    await removeContainer(engine.host, container.id);
  }
}
