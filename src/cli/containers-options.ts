import { Argument, Option } from "commander";
import type { Variant } from "../plan/docker/image.ts";
import { imageReference } from "../plan/docker/image-reference.ts";
import { images } from "../plan/docker/images.ts";
import type { PlanRole } from "../plan/run-plan.ts";
import { version } from "../version.ts";

/** The images by name; all of them when none is named. */
export const imagesArgument = new Argument("[images...]", "which of them (default: all)").choices(
  Object.keys(images),
);

/** On what the images run. */
export const variantOption = () =>
  new Option("--variant <variant>", "on what they run: Alps Extended Images for alps")
    .choices(["cpu", "cuda", "alps"])
    .default("cpu");

/** Where images are pushed to, as the first part of their names. */
export const registryOption = () =>
  new Option(
    "--registry <prefix>",
    "a registry and folder before the name, for example ghcr.io/me",
  );

/** What is asked of several commands. */
export interface ImageOptions {
  readonly variant: Variant;
  readonly registry?: string;
}

/** Definitions and references of the images that are meant. */
export const chosenImages = (names: readonly PlanRole["image"][], options: ImageOptions) =>
  (names.length > 0 ? names : (Object.keys(images) as PlanRole["image"][])).map((name) => ({
    image: images[name],
    reference: imageReference(name, { ...options, version }),
  }));
