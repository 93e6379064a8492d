import { z } from "zod";
import { clusterRuntime } from "./cluster-runtime.ts";
import { seconds } from "./duration.ts";
import { count, section } from "./section.ts";

/** What Slurm takes as one word of an option, without a need for quotes. */
const slurmName = z
  .string()
  .regex(/^[\w.,:@&|*()[\]+/-]+$/, "expected one word as Slurm names such things, without blanks");

const absolute = z.string().regex(/^\/[^\0\n]*$/, "expected an absolute path");
const variable = z.string().regex(/^[A-Za-z_]\w*$/, "expected a name of an environment variable");
const value = z.string().regex(/^[^\0]*$/, "expected a text without NUL");
const line = z.string().regex(/^[^\0\n\r]*$/, "expected one line");

/** Days, hours, minutes and seconds as Slurm writes them: `24:00:00`, `1-12:00:00`. */
const timeLimit = z
  .string()
  .regex(/^(\d+-)?\d{1,2}:\d{2}:\d{2}$/, "expected a time like 12:00:00 or 1-00:00:00 (in quotes)");

/** One node of the partition; all are taken to be alike. */
const node = section({
  /** GPUs a node; 0 for a partition without. */
  gpus: z.int().nonnegative(),
  /** The GPU's type in Slurm's gres (`a100` of `gpu:a100:4`); null where the site names none. */
  gpu: slurmName.nullable().default(null),
  /** GiB of memory of one GPU, by which plans are refused. */
  gpu_memory_gib: z.number().positive().nullable().default(null),
  /** CPU cores that a job may have on a node. */
  cpus: count,
  /** GiB of main memory that a job may have on a node: it goes to `--mem`. */
  memory_gib: count,
  arch: z.enum(["x86_64", "aarch64"]),
});

/** What is said to sbatch. Null leaves the choice to the site. */
const slurm = section({
  partition: slurmName.nullable().default(null),
  account: slurmName.nullable().default(null),
  qos: slurmName.nullable().default(null),
  reservation: slurmName.nullable().default(null),
  constraint: slurmName.nullable().default(null),
  /** The longest that one attempt may take; a longer run goes on in the next attempt. */
  time_limit: timeLimit,
  /** Whole nodes, so that no stranger's process takes memory or ports. */
  exclusive: z.boolean().default(true),
  /** Seconds before the time limit at which the trainers are asked to save: more than a save takes. */
  signal_lead_seconds: count.default(600),
  /** Seconds that roles have to end by themselves, before they are killed. */
  grace_seconds: count.default(60),
  /** How often a job may start again, after a time limit or the loss of a node. */
  max_requeues: z.int().nonnegative().default(20),
  /** Seconds in which every node must see a file that the head node wrote. */
  canary_seconds: count.default(60),
  /** Seconds between two looks at roles, heartbeats and files. */
  tick_seconds: count.default(2),
  /** One job whose components hold samplers and trainers apart, instead of one plain job. */
  heterogeneous: z.boolean().default(false),
  /** More options of sbatch, as they stand on a line: `--switches=1`. */
  extra: z.array(z.string().regex(/^--?[\w][^\0\n\r]*$/, "expected an option")).default([]),
});

/** Where files live. Folders must be seen by every node under the same path. */
const storage = section({
  /** Holds one folder a run. */
  runs: absolute,
  /** Cache folders by the variable that names them: HF_HOME, TRITON_CACHE_DIR. */
  caches: z.record(variable, absolute).default({}),
});

/** Ports that a job may take, by its id; below the system's own range for outgoing connections. */
const ports = z
  .strictObject({ first: z.int().min(1024).max(65535), last: z.int().min(1024).max(65535) })
  .refine(({ first, last }) => last - first >= 63, "expected a range of at least 64 ports");

/**
 * What a cluster offers and wants: the only thing besides a recipe that a Slurm run is made from.
 *
 * Unit: memory in GiB, times in seconds but for `time_limit`.
 * Errors: an unknown key is a fault, so that a misspelt one is not passed over.
 */
export const clusterProfile = z
  .strictObject({
    name: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, "expected lower-case letters, digits, dashes"),
    /** For people: which cluster, and what was checked on it. */
    description: z.string().default(""),
    node,
    slurm,
    runtime: clusterRuntime.default({ kind: "none" }),
    storage,
    ports: ports.default({ first: 20_000, last: 29_999 }),
    /** For every role; a role's own variables win. NCCL and the network belong here. */
    environment: z.record(variable, value).default({}),
    /** Variables whose values are secrets: read at the launch, kept in files of mode 0600. */
    secrets: z.array(variable).default([]),
    /** Sets what keeps libraries from the internet: HF_HUB_OFFLINE and its like. */
    offline: z.boolean().default(false),
    /** Lines of bash before each role, on its node: `module load cuda`. */
    setup: z.array(line).default([]),
  })
  .refine(({ slurm }) => slurm.signal_lead_seconds < seconds(slurm.time_limit), {
    path: ["slurm", "signal_lead_seconds"],
    message: "expected less than slurm.time_limit: the job would be asked to save as it starts",
  })
  .refine(({ node }) => node.gpus > 0 || node.gpu === null, {
    path: ["node", "gpu"],
    message: "expected null where node.gpus is 0",
  });

/** A checked cluster profile. */
export type ClusterProfile = z.infer<typeof clusterProfile>;
