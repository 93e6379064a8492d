import type { RunInput } from "./run-input.ts";

/** Where a plan's processes run. */
export type Backend = "local" | "docker" | "slurm";

/**
 * Everything that a launch does, settled before its first effect: plain, serialisable, complete.
 *
 * After it exists nobody reads the recipe, the environment or the clock to decide anything. What only
 * the start can know (host names, free ports) stands in it as a placeholder, see `Word`.
 * Paths are relative to the run folder, which every node sees.
 */
export interface RunPlan {
  /** The recipe's name and the first 8 hex digits of `hash`. */
  readonly id: string;
  /** SHA-256 over all that decides the results: recipe, revisions, topology; not paths or times. */
  readonly hash: string;
  /** SHA-256 over the recipe alone, by which a run that starts from this one finds it. */
  readonly recipeHash: string;
  readonly stage: Stage;
  readonly backend: Backend;
  readonly topology: Topology;
  /** What the start brings into the run folder before any role: path to where it comes from. */
  readonly inputs: Readonly<Record<string, RunInput>>;
  /** Files that the start fills with a random token each, mode 0600. */
  readonly secrets: readonly string[];
  /** In start order; a role starts when the services named in its `after` are ready and the tasks done. The run is done when all its tasks are. */
  readonly roles: readonly PlanRole[];
  /** Written below the run folder before the start: path to text. */
  readonly files: Readonly<Record<string, string>>;
  /** What the start writes into endpoints.json once every service is ready; null for a run without one. */
  readonly endpoints: EndpointsTemplate | null;
  /** Names of the ports to be picked at the start, in order: `PortName` placeholders use them. */
  readonly ports: readonly string[];
  readonly limits: Limits;
  readonly device: "cuda" | "cpu";
  /** Of the model, by which its boxes are read; null where nothing tells. */
  readonly family: string | null;
  /** Between how many pixels the model sees an image; null where no model looks at any. */
  readonly image: { readonly min_pixels: number; readonly max_pixels: number } | null;
  readonly arithmetic: Arithmetic;
  readonly estimate: Estimate;
  /** What a trainer's GPU holds; null where nothing trains, or the model's size is not known. */
  readonly memory: TrainerMemory | null;
  /** What is odd but allowed, a sentence each. */
  readonly warnings: readonly string[];
}

/** What a run is for. */
export type Stage = "sft" | "grpo" | "infer" | "eval" | "vqa";

/** Nodes and the GPUs of each. A node is its index; which host it is the start decides. */
export interface Topology {
  readonly nodes: number;
  readonly gpusPerNode: number;
  /** As the cluster calls it, for example `a100`; null on CPU. */
  readonly gpu: string | null;
}

/**
 * One word of a command. A placeholder is a word of its own, so that no text of a user is ever
 * taken for one: `{port}` the picked number, `{host}` the name of a node, `{node}` the index of the
 * node on which the command runs, `{url}` the base URL of a role's port.
 */
export type Word =
  | string
  | { readonly port: string }
  | { readonly host: number }
  | { readonly node: true }
  | { readonly url: string; readonly on: number };

/** endpoints.json before hosts and ports are known; the names of its fields are the worker's. */
export interface EndpointsTemplate {
  readonly reward: { readonly url: Word } | null;
  readonly samplers: readonly {
    readonly url: Word;
    readonly model: string;
    readonly capacity: number;
    /** On the first trainer's host: where weights go out by NCCL. */
    readonly group_port?: Word;
    readonly log: string;
  }[];
}

/** One program of a run. On several nodes it is started once on each. */
export interface PlanRole {
  /** Unique in the plan: `reward`, `sampler-0`, `trainer`. */
  readonly name: string;
  readonly kind: "service" | "task";
  /** Which image or environment it needs. */
  readonly image: "reward" | "sampler" | "worker";
  readonly nodes: readonly number[];
  /** Device numbers on each of its nodes; empty for a role without GPU. */
  readonly gpus: readonly number[];
  readonly cpus: number;
  /** MiB of main memory on each node. */
  readonly memoryMib: number;
  readonly command: readonly Word[];
  readonly env: Readonly<Record<string, string>>;
  /** Variables whose values the start reads from the plan's secret files. */
  readonly secretEnv?: Readonly<Record<string, string>>;
  /** Roles before it that must be ready, if services, or done, if tasks, when it starts. */
  readonly after: readonly string[];
  readonly ready?: ReadyProbe;
  /** Grows while it works: a run whose file stands still for `stallSeconds` is ended. */
  readonly heartbeat?: { readonly path: string; readonly stallSeconds: number };
}

/** A URL path on a role's port that answers 200 once the service can take work. */
export interface ReadyProbe {
  readonly port: string;
  readonly path: string;
  readonly timeoutSeconds: number;
}

/** Of one attempt in seconds, null where nobody set one, and how often another may follow. */
export interface Limits {
  readonly seconds: number | null;
  readonly requeues: number;
}

/**
 * How the steps come about. In inference a step is an image, and nothing trains.
 *
 * Shown by `plan --explain`, checked again by the worker.
 */
export interface Arithmetic {
  readonly trainers: number;
  /** Completions of a GRPO step, or rows of an SFT step. */
  readonly perStep: number;
  /** Completions of one prompt in GRPO, else null. */
  readonly group: number | null;
  /** Rows that the recipe states. */
  readonly rows: number | null;
  readonly perDevice: number;
  readonly accumulation: number;
  readonly steps: number | null;
  readonly checkpointEvery: number | null;
}

/** Null where the recipe states no step time. */
export interface Estimate {
  readonly stepSeconds: number | null;
  readonly source: string | null;
  readonly hours: number | null;
  readonly gpuHours: number | null;
  /** Checkpoints written in all. */
  readonly checkpoints: number | null;
  /** The most tokens that all steps together can see: prompts and completions at their limits. */
  readonly tokens: number | null;
}

/**
 * Bytes on one trainer's GPU that no setting of batch or length can take away, and what is left.
 *
 * Unit: GiB.
 */
export interface TrainerMemory {
  readonly weights: number;
  readonly gradients: number;
  readonly optimiser: number;
  /** Reserved by a vLLM inside the trainer. */
  readonly sampler: number;
  /** Null where the machine's GPU memory is not known. */
  readonly available: number | null;
}
