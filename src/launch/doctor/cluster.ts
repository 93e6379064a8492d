import { access, constants, mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { SggError } from "../../errors.ts";
import type { ClusterProfile } from "../../recipe/cluster-profile.ts";
import { seconds } from "../../recipe/duration.ts";
import { slurmTool } from "../slurm/tool.ts";
import { ask } from "./ask-slurm.ts";
import { lookAtNodes } from "./cluster-nodes.ts";
import { type Finding, fault, ok, warning } from "./finding.ts";

/**
 * Looks at a cluster from its login node, by what a profile says of it; starts nothing.
 *
 * What sbatch itself would say to a job of one node comes last: account, QOS, reservation, constraint.
 */
export async function lookAtCluster(profile: ClusterProfile): Promise<readonly Finding[]> {
  const commands = await lookAtCommands();
  if (commands.some(({ level }) => level === "fault")) return commands;
  const { partition } = profile.slurm;
  return [
    ...commands,
    ...(partition === null ? [] : [await lookAtPartition(partition, profile)]),
    ...(await lookAtNodes(profile)),
    await lookAtGrace(profile),
    await lookAtFolder("run folder", profile.storage.runs),
    ...(await Promise.all(
      Object.entries(profile.storage.caches).map(([name, path]) => lookAtFolder(name, path)),
    )),
    ...(await lookAtRuntime(profile)),
    await lookAtSubmission(profile),
  ];
}

async function lookAtCommands(): Promise<readonly Finding[]> {
  const version = await ask("sinfo", "--version");
  if (version === undefined)
    return [
      fault(
        "Slurm",
        "sinfo does not answer",
        "call this on a login node of the cluster, with Slurm on PATH",
      ),
    ];
  const accounting = await ask("sacct", "--noheader", "--jobs=1");
  return [
    ok("Slurm", version),
    accounting === undefined
      ? warning(
          "accounting",
          "sacct does not answer",
          "nothing to do: ended jobs are told by the run's own words once Slurm forgets them",
        )
      : ok("accounting", "sacct answers"),
  ];
}

async function lookAtPartition(name: string, { slurm }: ClusterProfile): Promise<Finding> {
  const shown = await ask("scontrol", "show", "partition", name);
  if (shown === undefined) {
    const known = (await ask("sinfo", "--noheader", "--format=%R")) ?? "";
    const names = [...new Set(known.split("\n").map((line) => line.trim()))].join(", ");
    return fault("partition", `no "${name}"`, `set slurm.partition to one of ${names}`);
  }
  const limit = /MaxTime=(\S+)/.exec(shown)?.[1] ?? "UNLIMITED";
  if (limit !== "UNLIMITED" && seconds(limit) < seconds(slurm.time_limit))
    return fault(
      "partition",
      `"${name}" gives ${limit} at most, slurm.time_limit is ${slurm.time_limit}`,
      `set slurm.time_limit to "${limit}" or less: longer runs go on in further starts`,
    );
  return ok("partition", `"${name}", at most ${limit}`);
}

/** After scancel Slurm waits for KillWait, whatever we would like. */
async function lookAtGrace({ slurm }: ClusterProfile): Promise<Finding> {
  const config = (await ask("scontrol", "show", "config")) ?? "";
  const wait = Number(/KillWait\s*=\s*(\d+)/.exec(config)?.[1] ?? Number.NaN);
  const found = `${slurm.grace_seconds} s of ours, ${wait} s of Slurm's (KillWait)`;
  if (!(slurm.grace_seconds > wait)) return ok("grace", found);
  const mend =
    "nothing to do: when one role fails the others have ours, after scancel only Slurm's";
  return warning("grace", found, mend);
}

async function lookAtFolder(name: string, path: string): Promise<Finding> {
  const probe = join(path, `.r1sgg-doctor-${process.pid}`);
  try {
    await mkdir(probe);
    await rm(probe, { recursive: true });
    return ok(name, path);
  } catch (cause) {
    const { message, code } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT")
      return warning(name, `no "${path}" yet`, "nothing to do where the first launch can make it");
    return fault(name, message, `make it, on storage that all nodes share: mkdir -p ${path}`);
  }
}

async function lookAtRuntime({ runtime }: ClusterProfile): Promise<readonly Finding[]> {
  if (runtime.kind === "none") return [ok("runtime", "none: what setup puts on PATH of the nodes")];
  const options = { pyxis: "--container-image", edf: "--environment" };
  const help = async () => (await execa("srun", ["--help"], { reject: false })).stdout;
  const there =
    runtime.kind === "pyxis" || runtime.kind === "edf"
      ? (await help()).includes(options[runtime.kind])
      : await isThere(runtime.kind === "docker" ? runtime.program : "apptainer");
  const wanted = there
    ? ok("runtime", runtime.kind)
    : warning(
        "runtime",
        `no ${runtime.kind} here`,
        "it may be on the compute nodes only: see there",
      );
  const images = [...new Set(Object.values(runtime.images))];
  return [wanted, ...(await Promise.all(images.map(lookAtImage)))];
}

const isThere = async (program: string): Promise<boolean> =>
  (await execa("which", [program], { reject: false })).exitCode === 0;

/** Files can be seen from here; what a registry has, the nodes ask for themselves. */
async function lookAtImage(image: string): Promise<Finding> {
  if (!image.startsWith("/")) return ok("image", `${image}: of a registry, not looked for`);
  const mend = `make it: r1sgg containers build, then apptainer build or enroot import to ${dirname(image)}`;
  return access(image, constants.R_OK).then(
    () => ok("image", image),
    () => fault("image", `no ${image}`, mend),
  );
}

async function lookAtSubmission({ node, slurm }: ClusterProfile): Promise<Finding> {
  const names = ["partition", "account", "qos", "reservation", "constraint"] as const;
  const gpus = `--gpus-per-node=${node.gpu === null ? "" : `${node.gpu}:`}${node.gpus}`;
  const args = [
    ...["--test-only", "--nodes=1", "--ntasks-per-node=1", `--time=${slurm.time_limit}`],
    ...[`--cpus-per-task=${node.cpus}`, `--mem=${node.memory_gib}G`],
    ...(node.gpus > 0 ? [gpus] : []),
    ...names.flatMap((name) => (slurm[name] === null ? [] : [`--${name}=${slurm[name]}`])),
    ...slurm.extra,
    ...["--wrap", "true"],
  ];
  return slurmTool("sbatch", args, "submit a job of one whole node").then(
    ({ stderr }) => ok("sbatch --test-only", stderr.trim().replace(/^sbatch: /, "")),
    (cause: unknown) => {
      if (!(cause instanceof SggError)) throw cause;
      const mend = "ask less of a node, or other names, in node and slurm of the profile";
      return fault("sbatch --test-only", cause.message, mend);
    },
  );
}
