import type { Contained, ContainedRole, Place } from "./in-runtime.ts";
import type { Mount, PyxisRuntime } from "./runtime.ts";

/**
 * Options of srun that pyxis adds.
 *
 * The host's variables are seen inside, but the image's win unless `--container-env` names them.
 */
export function pyxis(
  { images }: PyxisRuntime,
  { image, env }: ContainedRole,
  { runDir, forward }: Place,
  mounts: readonly Mount[],
): Partial<Contained> {
  const names = [...new Set([...Object.keys(env), ...forward])].toSorted();
  return {
    srun: [
      `--container-image=${images[image]}`,
      `--container-mounts=${mounts.map(mountOf).join(",")}`,
      `--container-workdir=${runDir}`,
      "--no-container-mount-home",
      `--container-env=${names.join(",")}`,
    ],
    env,
  };
}

const mountOf = ({ from, to, read_only }: Mount): string =>
  `${from}:${to ?? from}${read_only ? ":ro" : ""}`;
