import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import Docker from "dockerode";
import { execa } from "execa";

/** Podman's stand-in for Docker's API, in a folder of its own. */
export interface Podman {
  readonly host: string;
  readonly docker: Docker;
  readonly close: () => Promise<void>;
}

/** Starts it; the limits in its settings are what a machine without CAP_SYS_RESOURCE may give. */
export async function startPodman(): Promise<Podman> {
  const dir = await mkdtemp(join(tmpdir(), "r1sgg-podman-"));
  const socket = join(dir, "podman.sock");
  const { stdout: files } = await execa("sh", ["-c", "echo $(ulimit -Sn):$(ulimit -Hn)"]);
  const settings = `[containers]
default_sysctls = []
default_ulimits = ["nofile=${files}", "nproc=32768:32768"]
log_driver = "k8s-file"
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
compat_api_enforce_docker_hub = false
runtime = "runc"
`;
  const storage = `[storage]\ndriver = "overlay"\ngraphroot = "${dir}/graph"\nrunroot = "${dir}/run"\n`;
  await writeFile(join(dir, "containers.conf"), settings);
  await writeFile(join(dir, "storage.conf"), storage);
  const env = {
    CONTAINERS_CONF: join(dir, "containers.conf"),
    CONTAINERS_STORAGE_CONF: join(dir, "storage.conf"),
    TMPDIR: dir, // images that it imports would stay in /var/tmp
  };
  const args = ["--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "podman", "system"];
  const service = execa("unshare", [...args, "service", "--time=0", `unix://${socket}`], {
    ...{ env, reject: false, stdin: "ignore", stdout: "ignore" },
  });
  const docker = new Docker({ socketPath: socket });
  const close = async (): Promise<void> => {
    service.kill("SIGKILL");
    await service;
    await rm(dir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  };
  for (let tries = 0; tries < 1200; tries++) {
    if (await docker.ping().then(Boolean, () => false))
      return { host: `unix://${socket}`, docker, close };
    await delay(50);
  }
  await close();
  throw new Error(`podman does not serve: ${(await service).stderr}`);
}
