import Docker from "dockerode";
import { SggError } from "../../errors.ts";

/** A container engine that answered, and what it is. */
export interface Engine {
  readonly docker: Docker;
  /** How it is reached, for people and for processes that we start: `unix:///var/run/docker.sock`. */
  readonly host: string;
  /** Podman serves Docker's API, but not all that it says it does. */
  readonly kind: "docker" | "podman";
  readonly version: string;
  readonly apiVersion: string;
  readonly architecture: string;
  readonly cgroups: string;
  readonly cpus: number;
  readonly memoryBytes: number;
  /** Where images and containers lie, on the engine's machine. */
  readonly root: string;
  /** Whether it has the network that containers are on by default. */
  readonly hasBridge: boolean;
  /** Builds with cache mounts, and tells of steps as BuildKit does. */
  readonly hasBuildkit: boolean;
}

/**
 * Connects to the engine that DOCKER_HOST names, or to the one of this machine.
 *
 * @throws {SggError} LAUNCH when none answers
 */
export async function connect(host = process.env.DOCKER_HOST): Promise<Engine> {
  const docker = open(host);
  const shown = host || "unix:///var/run/docker.sock";
  try {
    const [version, info, networks] = await Promise.all([
      docker.version(),
      docker.info() as Promise<Info>,
      docker.listNetworks(),
    ]);
    const parts = (version as { Components?: readonly { Name: string }[] }).Components ?? [];
    const podman = parts.some(({ Name }) => /podman/i.test(Name));
    return {
      ...{ docker, host: shown, kind: podman ? "podman" : "docker", version: version.Version },
      ...{ apiVersion: version.ApiVersion, architecture: info.Architecture },
      cgroups: `v${info.CgroupVersion ?? "1"}, ${info.CgroupDriver}`,
      ...{ cpus: info.NCPU, memoryBytes: info.MemTotal, root: info.DockerRootDir ?? "" },
      hasBridge: networks.some(({ Name }) => Name === (podman ? "podman" : "bridge")),
      hasBuildkit: !podman && isAtLeast(version.ApiVersion, [1, 39]),
    };
  } catch (cause) {
    throw unreachable(shown, cause as Error);
  }
}

/** A client of an engine, which need not be there. */
export function open(host: string | undefined): Docker {
  if (host?.startsWith("unix://")) return new Docker({ socketPath: host.slice("unix://".length) });
  return new Docker(); // reads DOCKER_HOST and its certificates itself
}

/** What went wrong with an engine, in its own words. */
export const engineWords = (error: unknown): string => {
  const { json, message } = error as { json?: { message?: string }; message: string };
  return (json?.message ?? message).trim();
};

interface Info {
  readonly Architecture: string;
  readonly CgroupVersion?: string;
  readonly CgroupDriver: string;
  readonly NCPU: number;
  readonly MemTotal: number;
  readonly DockerRootDir?: string;
}

const isAtLeast = (version: string, [major, minor]: readonly [number, number]): boolean => {
  const [a = 0, b = 0] = version.split(".").map(Number);
  return a > major || (a === major && b >= minor);
};

function unreachable(host: string, cause: Error): SggError {
  const { code } = cause as NodeJS.ErrnoException;
  const why =
    code === "ENOENT" || code === "ECONNREFUSED"
      ? "no engine answers there"
      : code === "EACCES"
        ? "we may not use its socket"
        : engineWords(cause);
  const mend =
    code === "EACCES"
      ? "expected a user of the group docker, or a rootless engine named by DOCKER_HOST"
      : "expected a running Docker engine (systemctl start docker), or DOCKER_HOST to name one";
  return new SggError("LAUNCH", `Cannot reach the container engine at "${host}": ${why}, ${mend}`, {
    cause,
  });
}
