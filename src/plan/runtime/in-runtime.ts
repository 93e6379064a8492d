import type { PlanRole } from "../run-plan.ts";
import { apptainer } from "./apptainer.ts";
import { dockerRun } from "./docker-run.ts";
import { edf } from "./edf.ts";
import { isolation } from "./isolation.ts";
import { pyxis } from "./pyxis.ts";
import type { Mount, Runtime } from "./runtime.ts";

/** What a role's container has to see of the node, beside what the profile mounts. */
export interface Place {
  /** Absolute, the same on every node: where the command starts, and always mounted. */
  readonly runDir: string;
  /** Unique on a node while the run lives: the plan's id. */
  readonly runId: string;
  /** Cache folders, mounted for writing. */
  readonly caches: readonly string[];
  /** Names of variables whose values only the running script knows. */
  readonly forward: readonly string[];
}

/** How one role's command gets into its container. */
export interface Contained {
  /** Options of the `srun` that starts it. */
  readonly srun: readonly string[];
  /** Words before the command, within the `srun`. */
  readonly prefix: readonly string[];
  /** Variables to export before the `srun`; the role's own are among them unless `prefix` has them. */
  readonly env: Readonly<Record<string, string>>;
  /** A forwarded variable X must be exported as this prefix and X too: `APPTAINERENV_` and X. */
  readonly forwardAs: string;
  /** Files to be written below the run folder first: path to text. */
  readonly files: Readonly<Record<string, string>>;
  /** Commands that end what may outlive the step, for the script's trap; they may fail. */
  readonly cleanup: readonly (readonly string[])[];
}

/** The part of a role that decides how its container is made. */
export type ContainedRole = Pick<PlanRole, "name" | "image" | "gpus" | "env">;

/**
 * How a role's command runs on a node: options of srun, words before the command, variables,
 * files, and what the script's trap must still end.
 *
 * Home is never mounted, the host's Python packages are not seen, and the role's variables win over
 * the image's. Device numbers are the role's; a runtime that numbers them anew gets no
 * CUDA_VISIBLE_DEVICES.
 *
 * Errors: none; the profile's schema has checked paths and images.
 *
 * @example
 * inRuntime({ kind: "none" }, role, place).prefix; // []
 */
export function inRuntime(runtime: Runtime, role: ContainedRole, place: Place): Contained {
  const nothing = { srun: [], prefix: [], env: role.env, forwardAs: "", files: {}, cleanup: [] };
  if (runtime.kind === "none") return nothing;
  const inside = { ...role, env: { ...isolation, ...role.env } };
  const mounts = mountsOf(runtime.mounts, place);
  switch (runtime.kind) {
    case "apptainer":
      return { ...nothing, ...apptainer(runtime, inside, place, mounts) };
    case "pyxis":
      return { ...nothing, ...pyxis(runtime, inside, place, mounts) };
    case "edf":
      return { ...nothing, ...edf(runtime, inside, place, mounts) };
    case "docker":
      return { ...nothing, ...dockerRun(runtime, inside, place, mounts) };
  }
}

/** The run folder, the caches and what the profile names, each target once: the profile's word wins. */
function mountsOf(named: readonly Mount[], { runDir, caches }: Place): readonly Mount[] {
  const own = [runDir, ...caches].map((from) => ({ from, to: null, read_only: false }));
  const byTarget = new Map([...own, ...named].map((mount) => [mount.to ?? mount.from, mount]));
  return [...byTarget.values()];
}
