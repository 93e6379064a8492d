import { availableParallelism } from "node:os";
import { defaultLimits, type Limits } from "../core/limits.ts";
import {
  defaultParameters,
  type ProfileName,
  type ProfileParameters,
} from "../core/rewards/profiles.ts";

/** Solvers of the assignment by name, the default first; src/reward/score-items.ts has them. */
export const solverNames = ["exact", "munkres-js"] as const;

/** One of them. */
export type SolverName = (typeof solverNames)[number];

/** How requests are scored: plain data, so that it travels to worker threads. */
export interface ScoringSettings {
  readonly profile: ProfileName;
  readonly parameters: ProfileParameters;
  readonly solver: SolverName;
  /** As `--similarity` takes it: native, exact, or an address. */
  readonly similarity: string;
  /** Bounds on one completion; what is over them scores 0 and costs only itself. */
  readonly limits: Limits;
  /** Milliseconds for one completion. */
  readonly completionMs: number;
  /** Completions in one request; more are a 422. */
  readonly maxCompletions: number;
  /** Bytes of one body after unpacking; more are a 413. */
  readonly maxBodyBytes: number;
  /** MiB of heap for one request; a body that might need more is a 413. */
  readonly heapMiB: number;
  /** Whether answers come with the line that goes into the request log. */
  readonly logged: boolean;
}

/** A GRPO step of the paper is 256 completions, of which a rank sends 16 to 64 at once. */
export const defaultScoring: ScoringSettings = {
  profile: "release",
  parameters: defaultParameters,
  solver: "exact",
  similarity: "native",
  limits: defaultLimits,
  completionMs: 2_000,
  maxCompletions: 4_096,
  maxBodyBytes: 64 * 1024 * 1024,
  heapMiB: 2_048,
  logged: false,
};

/** How much may wait and how long; over it a request is a 503 that may be sent again. */
export interface QueueLimits {
  /** Requests that have come in and are not answered yet. */
  readonly maxPending: number;
  /** Their bodies together, as they are sent; one of unknown length counts as the largest allowed. */
  readonly maxPendingBytes: number;
  /** Milliseconds in which a worker must answer; one that hangs is ended and replaced. */
  readonly requestMs: number;
}

/** A thousand single completions at once (slime, OpenRLHF) are no reason to refuse one. */
export const defaultQueue: QueueLimits = {
  maxPending: 2_048,
  maxPendingBytes: 1024 * 1024 * 1024,
  requestMs: 60_000,
};

/**
 * Worker threads to start: one core is left to HTTP, and more than eight have nothing to do.
 *
 * Range: 0 where there is one core: scoring then shares the thread with HTTP
 */
export const defaultWorkers = (cores: number = availableParallelism()): number =>
  Math.min(cores - 1, 8);
