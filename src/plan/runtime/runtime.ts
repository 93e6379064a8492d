import type { PlanRole } from "../run-plan.ts";

/** A folder of the node that a container sees; without `to` under the same path. */
export interface Mount {
  readonly from: string;
  readonly to: string | null;
  readonly read_only: boolean;
}

/** One image for each kind of program, as the runtime names images: a reference, a .sif or a .sqsh. */
export type RuntimeImages = Readonly<Record<PlanRole["image"], string>>;

interface InContainer {
  readonly images: RuntimeImages;
  readonly mounts: readonly Mount[];
}

/** Apptainer, one .sif for each kind of program. */
export interface ApptainerRuntime extends InContainer {
  readonly kind: "apptainer";
  readonly options: readonly string[];
}

/** pyxis: the container options of srun, with enroot below. */
export interface PyxisRuntime extends InContainer {
  readonly kind: "pyxis";
}

/** CSCS's Container Engine: an environment definition file (EDF) for each image. */
export interface EdfRuntime extends InContainer {
  readonly kind: "edf";
  /** `[annotations]`: hooks of the site. */
  readonly annotations: Readonly<Record<string, string>>;
  /** Runs the image's own entrypoint first. */
  readonly entrypoint: boolean;
  readonly writable: boolean;
}

/** Docker, or podman in its place, through its command line on each node. */
export interface DockerRuntime extends InContainer {
  readonly kind: "docker";
  readonly program: "docker" | "podman";
  readonly options: readonly string[];
}

/** How a role's command runs on a node of a cluster. */
export type Runtime =
  | { readonly kind: "none" }
  | ApptainerRuntime
  | PyxisRuntime
  | EdfRuntime
  | DockerRuntime;
