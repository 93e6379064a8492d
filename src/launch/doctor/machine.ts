import { access, mkdtemp, readFile, rmdir, statfs } from "node:fs/promises";
import { dirname, join } from "node:path";
import { HUB_URL } from "@huggingface/hub";
import { hubSettings } from "../../data/hub/settings.ts";
import { SggError } from "../../errors.ts";
import { cacheFolder } from "../cache-folder.ts";
import { listGpus } from "../device.ts";
import { findPython } from "../python/interpreter.ts";
import { type Finding, fault, gib, ok, warning } from "./finding.ts";

/** What is looked at may be another machine's: tests give their own. */
export interface MachineView {
  readonly env: NodeJS.ProcessEnv;
  readonly limitsFile: string;
  readonly sharedMemory: string;
  /** Whether the Hub answers. */
  readonly askHub: (url: string) => Promise<boolean>;
}

const thisMachine: MachineView = {
  env: process.env,
  limitsFile: "/proc/self/limits",
  sharedMemory: "/dev/shm",
  askHub: async (url) =>
    fetch(url, { method: "HEAD", signal: AbortSignal.timeout(5000) }).then(
      () => true,
      () => false,
    ),
};

/** Looks at this machine: what runs take from it, in whatever way they are started. */
export async function lookAtMachine(view: MachineView = thisMachine): Promise<readonly Finding[]> {
  const gpus = await listGpus();
  const device = gpus.length > 0 ? `${gpus.length}: ${gpus[0]}` : "none: runs take the CPU";
  return [
    ok("GPUs", device),
    await lookAtPython(view),
    await lookAtSharedMemory(view, gpus.length),
    await lookAtMemlock(view, gpus.length),
    await lookAtFolder("cache", cacheFolder(), 8e9, "R1SGG_CACHE"),
    await lookAtFolder("models", hubSettings(view.env).cache, 20e9, "HF_HOME"),
    await lookAtHub(view),
  ];
}

async function lookAtPython({ env }: MachineView): Promise<Finding> {
  try {
    const { path, version, numa } = await findPython(new AbortController().signal, env);
    if (numa) return ok("Python", `${version} (${path})`);
    const found = `${version} (${path}), without libnuma.so.1`;
    return warning(
      "Python",
      found,
      "vLLM on CPU needs it: apt-get install libnuma1; images bring it",
    );
  } catch (cause) {
    if (!(cause instanceof SggError)) throw cause;
    return warning("Python", cause.message, "runs in containers need none");
  }
}

/** NCCL between the processes of a run goes through it. */
async function lookAtSharedMemory({ sharedMemory }: MachineView, gpus: number): Promise<Finding> {
  const { blocks, bsize } = await statfs(sharedMemory);
  const bytes = blocks * bsize;
  const found = `${gib(bytes)} in ${sharedMemory}`;
  const wanted = Math.max(1, gpus) * 2 ** 30;
  if (bytes >= wanted) return ok("shared memory", found);
  const mend = `mount -o remount,size=${Math.ceil(wanted / 2 ** 30)}G ${sharedMemory}; in a container of your own, docker run --shm-size or --ipc=host`;
  return warning("shared memory", found, mend);
}

/** InfiniBand and Slingshot lock the memory that they read. */
async function lookAtMemlock({ limitsFile }: MachineView, gpus: number): Promise<Finding> {
  const limits = await readFile(limitsFile, "utf8").catch(() => "");
  const [, hard = "unknown"] = /^Max locked memory +\S+ +(\S+)/m.exec(limits) ?? [];
  if (hard === "unlimited" || gpus === 0) return ok("memlock", hard);
  const mend =
    "raise it where GPUs of several nodes talk by InfiniBand: LimitMEMLOCK=infinity of slurmd and dockerd, or limits.conf";
  return warning("memlock", hard, mend);
}

async function lookAtFolder(
  what: string,
  folder: string,
  bytes: number,
  variable: string,
): Promise<Finding> {
  const name = `folder of ${what}`;
  const mend = `set ${variable} to a folder of yours on a disk with ${gib(bytes)}`;
  const place = await firstThere(folder);
  const mayWrite = await mkdtemp(join(place, ".r1sgg-"))
    .then(rmdir)
    .then(
      () => true,
      () => false, // access() says yes to root, also on a read-only disk
    );
  if (!mayWrite) return fault(name, `"${folder}" is not writable`, mend);
  const { bavail, bsize } = await statfs(place);
  const found = `"${folder}", ${gib(bavail * bsize)} free`;
  return bavail * bsize >= bytes ? ok(name, found) : warning(name, found, mend);
}

/** The folder, or the nearest one above it that is there already. */
async function firstThere(folder: string): Promise<string> {
  const there = await access(folder).then(
    () => true,
    () => false,
  );
  return there || folder === dirname(folder) ? folder : firstThere(dirname(folder));
}

async function lookAtHub({ env, askHub }: MachineView): Promise<Finding> {
  const name = "Hugging Face Hub";
  const { offline, endpoint = HUB_URL } = hubSettings(env);
  if (offline)
    return ok(name, "left alone: HF_HUB_OFFLINE is set, models and data come from the cache");
  if (await askHub(endpoint)) return ok(name, `${endpoint} answers`);
  const mend =
    "fill HF_HOME where there is a network, and set HF_HUB_OFFLINE=1 here: without it every start waits for the network";
  return warning(name, `${endpoint} does not answer`, mend);
}
