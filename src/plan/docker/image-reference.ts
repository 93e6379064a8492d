import type { PlanRole } from "../run-plan.ts";
import type { Variant } from "./image.ts";

/** Which of our images are meant. */
export interface ImageChoice {
  /** A registry and folder before the name, `ghcr.io/me`; none for images of this machine only. */
  readonly registry?: string | undefined;
  readonly version: string;
  readonly variant: Variant;
}

/**
 * The reference of one of our images.
 *
 * @example
 * imageReference("worker", { version: "0.1.0", variant: "cpu" }); // "r1sgg/worker:0.1.0-cpu"
 */
export function imageReference(name: PlanRole["image"], choice: ImageChoice): string {
  const { registry, version, variant } = choice;
  // The reward image has no GPU: one serves all, and Alps takes none from Docker.
  const suffix = name === "reward" ? "" : `-${variant}`;
  return `${registry === undefined ? "" : `${registry.replace(/\/+$/, "")}/`}r1sgg/${name}:${version}${suffix}`;
}
