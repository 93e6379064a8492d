import { execa } from "execa";
import type { TestProject } from "vitest/node";
import { findPythonEnv, type PythonEnv } from "../../src/launch/python-env.ts";

/** What some tests need and not every machine has. */
export type Capability =
  | "charliecloud"
  | "chromium"
  | "debian"
  | "docker"
  | "latex"
  | "mounts"
  | "podman"
  | "python"
  | "shellcheck"
  | "slurm";

/** Why each capability is missing here; none for one that is there. */
export type Missing = Readonly<Partial<Record<Capability, string>>>;

declare module "vitest" {
  export interface ProvidedContext {
    missing: Missing;
    chromium: string | undefined;
    pythonEnv: PythonEnv | undefined;
  }
}

/** Vitest's global set-up: looks once, by trying, and hands the answers to all test files. */
export async function setup({ provide }: TestProject): Promise<void> {
  const [chromium, python, slurm, docker, podman, debian, charliecloud, shellcheck, latex, mounts] =
    await Promise.all([
      findChromium(),
      findPythonEnv("cpu").catch((cause: Error) => cause.message),
      lacksSlurm(),
      lacksDocker(),
      lacksPodman(),
      lacksDebian(),
      runs("ch-run", ["--version"]),
      runs("shellcheck", ["--version"]),
      runs("kpsewhich", ["booktabs.sty"]), // from TeX's own list, so that TeX is there too
      runs("unshare", ["--map-root-user", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]),
    ]);
  const missing: Missing = {
    ...(chromium === undefined && { chromium: "no chromium on PATH that runs" }),
    ...(python === undefined && { python: "the Python environment is not built (npm test does)" }),
    ...(typeof python === "string" && { python }),
    ...(slurm !== undefined && { slurm }),
    ...(docker !== undefined && { docker }),
    ...(podman !== undefined && { podman }),
    ...(debian !== undefined && { debian }),
    ...(!charliecloud && { charliecloud: "no ch-run on PATH that runs" }),
    ...(!shellcheck && { shellcheck: "no shellcheck on PATH" }),
    ...(!latex && { latex: "no TeX with booktabs (Debian: texlive-latex-recommended)" }),
    ...(!mounts && { mounts: "no private mounts with unshare" }),
  };
  provide("missing", missing);
  provide("chromium", chromium);
  provide("pythonEnv", typeof python === "string" ? undefined : python);
}

async function findChromium(): Promise<string | undefined> {
  for (const name of ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]) {
    if (await runs(name, ["--version"])) return name;
  }
  return undefined;
}

async function lacksSlurm(): Promise<string | undefined> {
  const absent: string[] = [];
  const programs = ["slurmctld", "slurmd", "munged", "ip"];
  for (const name of programs) if (!(await runs(name, ["-V"]))) absent.push(name);
  if (absent.length > 0) return `no ${absent.join(", ")} on PATH`;
  const apart = await runs("unshare", ["--mount", "--net", "--pid", "--uts", "--fork", "true"]);
  return apart ? undefined : "no namespaces of one's own with unshare (needs root)";
}

/** Tests start a dockerd of their own (helpers/docker), in namespaces of its own. */
async function lacksDocker(): Promise<string | undefined> {
  const absent: string[] = [];
  for (const [name = "", ...args] of [["dockerd", "--version"], ["busybox"], ["runc", "--version"]])
    if (!(await runs(name, args))) absent.push(name);
  if (absent.length > 0) return `no ${absent.join(", ")} on PATH`;
  const isolated = await runs("unshare", ["--mount", "--pid", "--fork", "--mount-proc", "true"]);
  return isolated
    ? undefined
    : "no root with private mounts and process ids, which a dockerd needs";
}

/** Of whose packages a base image is made for the tests' dockerd. */
async function lacksDebian(): Promise<string | undefined> {
  const lacking = await lacksDocker();
  if (lacking !== undefined) return lacking;
  const both = (await runs("apt-get", ["--version"])) && (await runs("dpkg-deb", ["--version"]));
  return both ? undefined : "no apt-get and dpkg-deb on PATH";
}

async function lacksPodman(): Promise<string | undefined> {
  const lacking = await lacksDocker(); // it is given namespaces as a dockerd is
  if (lacking !== undefined) return lacking;
  return (await runs("podman", ["--version"])) ? undefined : "no podman on PATH";
}

async function runs(command: string, args: readonly string[]): Promise<boolean> {
  const path = `${process.env.PATH ?? ""}:/usr/sbin:/sbin`; // where Debian puts slurmctld
  const env = { PATH: path, USER: process.env.USER || "root" }; // ch-run wants a USER
  const options = { reject: false, timeout: 15_000, stdin: "ignore", env } as const;
  return !(await execa(command, args, options)).failed;
}
