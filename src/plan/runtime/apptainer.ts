import type { Contained, ContainedRole, Place } from "./in-runtime.ts";
import type { ApptainerRuntime, Mount } from "./runtime.ts";

/**
 * `apptainer exec`: a clean environment, no home folder, the host's /tmp and /dev/shm.
 *
 * Variables travel as APPTAINERENV_X: `--env` splits values at commas, and an image's own value would
 * win over an inherited one. `--contain` would leave /dev/shm with 64 MiB, too little for NCCL.
 */
export function apptainer(
  { images, options }: ApptainerRuntime,
  { image, gpus, env }: ContainedRole,
  { runDir }: Place,
  mounts: readonly Mount[],
): Partial<Contained> {
  const binds = mounts.flatMap((mount) => ["--bind", bindOf(mount)]);
  const device = gpus.length > 0 ? ["--nv"] : [];
  const call = ["apptainer", "exec", "--cleanenv", "--no-home", "--pwd", runDir];
  const prefixed = Object.entries(env).map(([name, value]) => [`APPTAINERENV_${name}`, value]);
  return {
    prefix: [...call, ...device, ...binds, ...options, images[image]],
    env: Object.fromEntries(prefixed),
    forwardAs: "APPTAINERENV_",
  };
}

const bindOf = ({ from, to, read_only }: Mount): string =>
  [from, to ?? from, ...(read_only ? ["ro"] : [])].join(":");
