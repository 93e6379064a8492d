import type { Contained, ContainedRole, Place } from "./in-runtime.ts";
import type { DockerRuntime, Mount } from "./runtime.ts";

/**
 * `docker run` (or podman's) on a node: the host's network and shared memory, one name by which the
 * script's trap can remove it: a container outlives the step that started it.
 *
 * Docker numbers the devices that a container gets from 0, so CUDA_VISIBLE_DEVICES is left out.
 * No memlock: an engine whose own limit is lower refuses the container; a profile that needs it
 * says `options: [--ulimit=memlock=-1]`.
 */
export function dockerRun(
  { images, program, options }: DockerRuntime,
  { name, image, gpus, env }: ContainedRole,
  { runDir, runId, forward }: Place,
  mounts: readonly Mount[],
): Partial<Contained> {
  const container = `r1sgg-${runId}-${name}`;
  const { CUDA_VISIBLE_DEVICES: _, ...rest } = env;
  const set = Object.entries(rest).map(([key, value]) => `--env=${key}=${value}`);
  const passed = forward.filter((key) => !(key in env)).map((key) => `--env=${key}`);
  const call = [program, "run", "--rm", "--init", `--name=${container}`];
  const shared = ["--network=host", "--ipc=host", "--ulimit=stack=67108864"];
  const places = mounts.map(
    ({ from, to, read_only }) => `--volume=${from}:${to ?? from}${read_only ? ":ro" : ""}`,
  );
  return {
    prefix: [
      ...[...call, ...shared, `--workdir=${runDir}`, ...places, ...set, ...passed],
      ...devices(program, gpus),
      ...[...options, images[image]],
    ],
    env: {},
    cleanup: [[program, "rm", "--force", container]],
  };
}

/** Docker's option is read as CSV, so a list of devices stands in quotes of its own. */
function devices(program: DockerRuntime["program"], gpus: readonly number[]): readonly string[] {
  if (gpus.length === 0) return [];
  if (program === "podman") return gpus.map((gpu) => `--device=nvidia.com/gpu=${gpu}`);
  return [`--gpus="device=${gpus.join(",")}"`];
}
