import type Docker from "dockerode";
import type { PlanRole } from "../run-plan.ts";
import type { Mount } from "../runtime/runtime.ts";

/** What all containers of a run on this machine share. */
export interface ContainerPlace {
  readonly runId: string;
  /** Tells this start of the run from an earlier one. */
  readonly token: string;
  /** Absolute, and the same inside: the plan's paths are relative to it. */
  readonly runDir: string;
  readonly images: Readonly<Record<PlanRole["image"], string>>;
  /** `uid:gid` who owns what the run writes; null for the image's own user. */
  readonly user: string | null;
  /** Beside the run folder. */
  readonly mounts: readonly Mount[];
  readonly limits: ContainerLimits;
}

/** What a container may take of the machine, where the engine's defaults are too little. */
export interface ContainerLimits {
  /** MiB of shared memory of its own; null for the machine's /dev/shm, which NCCL between containers needs. */
  readonly shmMib: number | null;
  /** Bytes that may be locked, -1 for all; null leaves the engine's limit: more than its own is refused. */
  readonly memlock: number | null;
}

/** A role's command with every placeholder filled in. */
export interface ContainerCall {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Variables whose values are read from files in the container, so that no inspection shows them. */
  readonly secretEnv?: Readonly<Record<string, string>>;
}

/** Labels by which containers of runs are found after whoever started them has gone. */
export const labels = {
  run: "r1sgg.run",
  token: "r1sgg.token",
  role: "r1sgg.role",
  folder: "r1sgg.folder",
} as const;

/** 64 MiB of stack, as NVIDIA asks for PyTorch's containers. */
const stackBytes = 67_108_864;

/**
 * The container of one role: the machine's network, its devices by number, the run folder at the
 * same path.
 *
 * On the machine's network addresses and ports are those of local processes, and NCCL goes at full
 * speed. Docker numbers a container's devices anew from 0, so CUDA_VISIBLE_DEVICES is left out.
 * Nothing restarts by itself: the first role to exit decides about the run.
 *
 * Errors: none.
 */
export function containerOptions(
  role: Pick<PlanRole, "name" | "image" | "gpus">,
  call: ContainerCall,
  place: ContainerPlace,
): Docker.ContainerCreateOptions {
  const { limits, runDir } = place;
  const { CUDA_VISIBLE_DEVICES: _, ...own } = call.env;
  const env = { ...containerEnv, ...own };
  const folder = { from: runDir, to: null, read_only: false };
  const mounts = new Map([...place.mounts, folder].map((mount) => [mount.to ?? mount.from, mount]));
  const { memlock } = limits;
  const onGpus = role.gpus.length > 0;
  return {
    name: `r1sgg-${place.runId}-${role.name}`,
    Image: place.images[role.image],
    Cmd: [...readSecrets(call.secretEnv), ...call.argv],
    Env: Object.entries(env).map(([name, value]) => `${name}=${value}`),
    WorkingDir: runDir,
    ...(place.user !== null && { User: place.user }),
    Labels: {
      [labels.run]: place.runId,
      [labels.token]: place.token,
      [labels.role]: role.name,
      [labels.folder]: runDir,
    },
    HostConfig: {
      NetworkMode: "host",
      Init: true,
      ...(limits.shmMib === null
        ? { IpcMode: "host" }
        : { IpcMode: "private", ShmSize: limits.shmMib * 2 ** 20 }),
      Ulimits: [
        ...(onGpus ? [{ Name: "stack", Soft: stackBytes, Hard: stackBytes }] : []),
        ...(memlock === null ? [] : [{ Name: "memlock", Soft: memlock, Hard: memlock }]),
      ],
      Mounts: [...mounts.values()].map(({ from, to, read_only }) => ({
        ...{ Type: "bind", Source: from, Target: to ?? from, ReadOnly: read_only },
      })),
      ...(onGpus && { DeviceRequests: [deviceRequest(role.gpus)] }),
      RestartPolicy: { Name: "no" },
      LogConfig: { Type: "json-file", Config: { "max-size": "10m" } },
    },
  };
}

/** Words before a command that set variables from files: name and file by turns, up to `--`. */
function readSecrets(secrets: ContainerCall["secretEnv"] = {}): readonly string[] {
  const pairs = Object.entries(secrets).flat();
  if (pairs.length === 0) return [];
  const script =
    'while [ "$1" != -- ]; do value=$(cat "$2") || exit 1; export "$1=$value"; shift 2; done; shift; exec "$@"';
  return ["sh", "-c", script, "sh", ...pairs, "--"];
}

/** Asks for NVIDIA devices by number. */
export const deviceRequest = (gpus: readonly number[]): Docker.DeviceRequest => ({
  Driver: "",
  Count: 0,
  DeviceIDs: gpus.map(String),
  Capabilities: [["gpu"]],
  Options: {},
});

/** A container's user need have no home: libraries keep their caches where anybody may write. */
const containerEnv = {
  HOME: "/tmp",
  PYTHONNOUSERSITE: "1",
  XDG_CACHE_HOME: "/tmp/r1sgg/cache",
  TRITON_HOME: "/tmp/r1sgg",
} as const;
