import { stat, statfs } from "node:fs/promises";
import { SggError } from "../../errors.ts";
import { deviceRequest } from "../../plan/docker/container-options.ts";
import { listGpus } from "../device.ts";
import { connect, type Engine, engineWords } from "../docker/engine.ts";
import { listImages } from "../docker/list-images.ts";
import { type Finding, fault, gib, ok, warning } from "./finding.ts";

/** Room that the three images take, with what a build keeps: measured for CPU, estimated for CUDA. */
const imageBytes = { cpu: 15e9, cuda: 60e9 };

/** Looks at the container engine: what it is, and what containers get from it. */
export async function lookAtEngine(): Promise<readonly Finding[]> {
  const engine = await connect().catch((cause: unknown) => {
    if (cause instanceof SggError) return cause;
    throw cause;
  });
  if (engine instanceof SggError) {
    const mend = "start one, or set DOCKER_HOST; runs --on local and --on slurm need none";
    return [warning("engine", engine.message, mend)];
  }
  const name = `${engine.kind === "podman" ? "Podman" : "Docker"} ${engine.version}`;
  const what = `${name} at ${engine.host}, ${engine.architecture}, ${engine.cpus} CPUs, ${gib(engine.memoryBytes)}`;
  const isPodman = engine.kind === "podman";
  return [
    isPodman
      ? warning(
          "engine",
          what,
          "CPU runs work; GPU runs need a Docker engine: Podman gives no GPUs to Docker's API",
        )
      : ok("engine", what),
    ok("builder", engine.hasBuildkit ? "BuildKit" : "classic: builds keep no caches"),
    ok("cgroups", engine.cgroups),
    await lookAtImages(engine),
    await lookAtRoom(engine),
    await lookAtGpus(engine),
  ];
}

async function lookAtImages(engine: Engine): Promise<Finding> {
  const found = await listImages(engine);
  if (found.length === 0)
    return warning(
      "images",
      "none of r1sgg",
      "r1sgg containers build, or the first launch --on docker builds them",
    );
  return ok("images", found.map(({ reference }) => reference).join(", "));
}

/** The engine's own folder, where it is on this machine and may be looked at. */
async function lookAtRoom({ root, host }: Engine): Promise<Finding> {
  const here =
    root !== "" &&
    (await stat(root).then(
      () => true,
      () => false,
    ));
  if (!here) return ok("disk for images", `unknown: "${root}" of ${host} cannot be seen from here`);
  const { bavail, bsize } = await statfs(root);
  const free = bavail * bsize;
  const found = `${gib(free)} free for "${root}"`;
  if (free >= imageBytes.cuda) return ok("disk for images", found);
  const mend = `make room (docker system prune), or move the engine's data-root: images for CPU take ${gib(imageBytes.cpu)}, for GPUs ${gib(imageBytes.cuda)}`;
  return free >= imageBytes.cpu
    ? warning("disk for images", found, mend)
    : fault("disk for images", found, mend);
}

/** Asks `nvidia-smi` in a container: the driver may be there and the engine's toolkit not. */
async function lookAtGpus(engine: Engine): Promise<Finding> {
  const name = "GPUs in containers";
  const gpus = await listGpus();
  if (gpus.length === 0) return ok(name, "not tried: this machine has none (nvidia-smi)");
  const toolkit =
    "install NVIDIA's Container Toolkit, nvidia-ctk runtime configure --runtime=docker, restart Docker";
  const [image] = await listImages(engine);
  if (image === undefined)
    return warning(
      name,
      `not tried: ${gpus.length} on the machine, no image to try with`,
      "r1sgg containers build",
    );
  const container = await engine.docker.createContainer({
    ...{ Image: image.id, Entrypoint: ["nvidia-smi"], Cmd: ["-L"], Tty: true },
    HostConfig: { NetworkMode: "none", DeviceRequests: [deviceRequest(gpus.map((_, at) => at))] },
  });
  try {
    await container.start();
    await container.wait();
    const log = (await container.logs({ stdout: true, stderr: true })).toString();
    const seen = log.split("\n").filter((line) => line.startsWith("GPU ")).length;
    if (seen === gpus.length) return ok(name, `all ${seen}`);
    return warning(name, `${seen} of ${gpus.length}: ${log.trim().slice(0, 200)}`, toolkit);
  } catch (cause) {
    return warning(name, `none: the engine said "${engineWords(cause)}"`, toolkit);
  } finally {
    await container.remove({ force: true }).catch(() => undefined);
  }
}
