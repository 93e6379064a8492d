import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import Docker from "dockerode";
import { execa } from "execa";
import { fixture } from "../../launch/run-folder.ts";

/** A dockerd of the tests' own: its data, sockets and mounts lie in one folder and one namespace. */
export interface Engine {
  readonly socket: string;
  /** For DOCKER_HOST. */
  readonly host: string;
  readonly docker: Docker;
  /** Kills dockerd with SIGKILL; its containers go on, as they do everywhere. */
  readonly kill: () => Promise<void>;
  /** Starts dockerd again on the same data. */
  readonly start: () => Promise<void>;
  /** Lines that the fake NVIDIA hook wrote: the devices of each container. */
  readonly devices: () => Promise<readonly string[]>;
  readonly close: () => Promise<void>;
}

/** All that an engine starts lives in the process namespace of this program, and dies with it. */
const holder = ["sh", "-c", "trap exit TERM; while :; do sleep 3600 & wait; done"];
const unshare = ["--mount", "--pid", "--fork", "--kill-child", "--mount-proc"];
const flags = [
  ...["--iptables=false", "--ip6tables=false", "--bridge=none"],
  ...["--ip-forward=false", "--ip-masq=false"],
];

/**
 * Starts a dockerd that touches nothing of the machine's own: no bridge, no packet filter.
 *
 * With `nvidia` it finds a stand-in for NVIDIA's hook on its PATH, which makes it take GPU requests.
 * The caller closes it, whatever happened: `afterAll(() => engine.close())`.
 */
export async function startEngine({ nvidia = false } = {}): Promise<Engine> {
  const dir = await mkdtemp(join(tmpdir(), "r1sgg-dockerd-"));
  const socket = join(dir, "docker.sock");
  const docker = new Docker({ socketPath: socket });
  const space = execa("unshare", [...unshare, ...holder], { reject: false, stdio: "ignore" });
  const pid = await childOf(space.pid);
  const path = process.env.PATH ?? "";
  const hooks = nvidia ? [fixture("nvidia")] : [];
  const env = { PATH: [...hooks, path, "/usr/sbin:/sbin"].join(":"), FAKE_NVIDIA_LOG: log("gpu") };
  function log(name: string): string {
    return join(dir, `${name}.log`);
  }
  const start = async (): Promise<void> => {
    await rm(join(dir, "pid"), { force: true });
    await writeFile(join(dir, "daemon.json"), "{}");
    const places = ["--config-file=daemon.json", "--data-root=data", "--exec-root=exec", "-p=pid"];
    const args = places.map((place) => place.replace(/=/, `=${dir}/`));
    const enter = ["--target", String(pid), "--mount", "--pid", "--", "dockerd"];
    const stdio = { stdin: "ignore", stdout: { file: log("out") }, stderr: { file: log("err") } };
    const run = execa("nsenter", [...enter, ...args, ...flags, `--host=unix://${socket}`], {
      ...{ env, reject: false, detached: true, cleanup: false },
      ...(stdio as { stdin: "ignore" }),
    });
    let ended = false;
    void run.then(() => {
      ended = true;
    });
    for (let tries = 0; tries < 1200; tries++) {
      if (await docker.ping().then(Boolean, () => false)) return;
      if (ended) break;
      await delay(50);
    }
    throw new Error(`dockerd does not start: ${await readFile(log("err"), "utf8")}`);
  };
  const close = async (): Promise<void> => {
    space.kill("SIGKILL"); // the namespace, with all processes and mounts in it
    await space;
    await rm(dir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  };
  const kill = async (): Promise<void> => {
    const found = await pidsOf(pid, "dockerd");
    for (const one of found) process.kill(one, "SIGKILL");
    while (await docker.ping().then(Boolean, () => false)) await delay(20);
  };
  const devices = async (): Promise<readonly string[]> =>
    (await readFile(log("gpu"), "utf8").catch(() => "")).split("\n").filter(Boolean);
  try {
    await mkdir(join(dir, "data"));
    await start();
  } catch (cause) {
    await close();
    throw cause;
  }
  return { socket, host: `unix://${socket}`, docker, start, kill, devices, close };
}

/** The only child of a process: `unshare` forks the first process of the new namespace. */
async function childOf(parent: number | undefined): Promise<number> {
  for (let tries = 0; tries < 2000; tries++) {
    const path = `/proc/${parent}/task/${parent}/children`;
    const [child] = (await readFile(path, "utf8").catch(() => "")).trim().split(" ");
    if (child) return Number(child);
    await delay(10);
  }
  throw new Error("unshare starts nothing: are we root?");
}

/** Processes of a name in the same process namespace as another. */
async function pidsOf(inSpaceOf: number, name: string): Promise<number[]> {
  const space = await spaceOf(inSpaceOf);
  const pids = (await readdir("/proc")).filter((entry) => /^\d+$/.test(entry)).map(Number);
  const found = await Promise.all(
    pids.map(async (pid) => {
      const comm = await readFile(`/proc/${pid}/comm`, "utf8").catch(() => "");
      return comm.trim() === name && (await spaceOf(pid)) === space;
    }),
  );
  return pids.filter((_, at) => found[at]);
}

const spaceOf = async (pid: number): Promise<string> => {
  const { readlink } = await import("node:fs/promises");
  return readlink(`/proc/${pid}/ns/pid`).catch(() => "");
};
