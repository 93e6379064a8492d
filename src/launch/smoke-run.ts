import type { SmokePlan } from "../plan/smoke-plan.ts";
import type { PythonEnv } from "./python-env.ts";
import type { Supervisor } from "./supervise.ts";

/** Where a run speaks. Several things may be under way at once. */
export interface Teller {
  /** Says what a stage or service waits for. */
  readonly update: (what: string, detail?: string) => void;
  /** Says that it waits no longer. */
  readonly end: (what: string) => void;
  /** A line that stays to be read. */
  readonly say: (text: string) => void;
}

/** What every stage of a smoke run is given. */
export interface SmokeRun {
  readonly plan: SmokePlan;
  /** Absolute; all paths of the plan are relative to it. */
  readonly runDir: string;
  readonly supervisor: Supervisor;
  readonly python: PythonEnv;
  readonly tell: Teller;
}
