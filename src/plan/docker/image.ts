import type { PlanRole } from "../run-plan.ts";

/** One thing done while an image is built: files copied in, or a command run as root. */
export type Step =
  | { readonly copy: readonly string[]; readonly to: string }
  | {
      /** Commands of a shell, each only after the one before went well. */
      readonly run: readonly string[];
      /** Folders that BuildKit keeps between builds, outside the image. */
      readonly caches?: readonly string[];
      /** Codes of hadolint that do not apply, and why. */
      readonly allow?: { readonly codes: readonly string[]; readonly why: string };
    };

/** On what the image runs: the base image and the lock follow from it. */
export type Variant = "cpu" | "cuda" | "alps";

/** What an image holds, from which the Dockerfile and the Apptainer definition are made. */
export interface ImageDefinition {
  readonly name: PlanRole["image"];
  readonly summary: string;
  /** The base by default; `--base` names another: an architecture's, a site's, one made by hand. */
  readonly base: Readonly<Partial<Record<Variant, string>>>;
  /** Value of the build argument LOCK; none for an image without Python. */
  readonly lock?: Readonly<Record<Variant, "cpu" | "cuda">>;
  /** Done in a stage that is thrown away but for the folder `keep`. */
  readonly build?: { readonly steps: readonly Step[]; readonly keep: string };
  readonly steps: readonly Step[];
  readonly env: Readonly<Record<string, string>>;
  /** Programs that must answer `--version` in the image, by which doctor and tests look at it. */
  readonly command: readonly string[];
  /** Words of the health check; it reads R1SGG_HEALTH, which the launch sets. */
  readonly health: readonly string[];
}

/** The user of every image: nobody's on the machine, so that a container without a user has no rights. */
export const imageUser = "10001:10001";

/** Where everything of ours lies in an image. */
export const home = "/opt/r1sgg";
