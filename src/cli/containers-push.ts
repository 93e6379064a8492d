import { Command } from "commander";
import type { PlanRole } from "../plan/run-plan.ts";
import {
  chosenImages,
  type ImageOptions,
  imagesArgument,
  registryOption,
  variantOption,
} from "./containers-options.ts";
import type { Io } from "./io.ts";
import { withEngine } from "./with-engine.ts";

/** `r1sgg containers push --registry PREFIX [IMAGES…]`: to the registry that `docker login` knows. */
export const containersPushCommand = (io: Io): Command =>
  new Command("push")
    .description("push images to a registry, and print their digests")
    .addArgument(imagesArgument)
    .addOption(variantOption())
    .addOption(registryOption().makeOptionMandatory())
    .action((names: readonly PlanRole["image"][], options: ImageOptions) =>
      push(names, options, io),
    );

async function push(
  names: readonly PlanRole["image"][],
  options: ImageOptions,
  { print }: Io,
): Promise<void> {
  const { pushImage } = await import("../launch/docker/transfer.ts");
  await withEngine("Pushing", async (engine, board, signal) => {
    for (const { reference } of chosenImages(names, options)) {
      const digest = await pushImage(engine, reference, board, signal);
      print(`${reference}${digest === undefined ? "" : `@${digest}`}\n`);
    }
  });
}
