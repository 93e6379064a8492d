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

interface BuildOptions extends ImageOptions {
  readonly base?: string;
  readonly platform?: string;
  readonly network?: string;
  readonly cache: boolean;
  readonly json: boolean;
}

/** `r1sgg containers build [IMAGES…]`: from their Dockerfiles, on the engine of DOCKER_HOST. */
export const containersBuildCommand = (io: Io): Command =>
  new Command("build")
    .description("build images on the container engine")
    .addArgument(imagesArgument)
    .addOption(variantOption())
    .addOption(registryOption())
    .option("--base <image>", "another base image, for example one made without a registry")
    .option("--platform <platform>", "for another machine: linux/arm64 for GH200")
    .option(
      "--network <mode>",
      "network of the build (default: the host's where there is no bridge)",
    )
    .option("--no-cache", "build every step anew")
    .option("--json", "print JSON", false)
    .addHelpText(
      "after",
      `
Examples:
  r1sgg containers build                       all three, for CPU
  r1sgg containers build worker --variant cuda --registry ghcr.io/me
  r1sgg containers build --base my/base:1      on a base image of your own`,
    )
    .action((names: readonly PlanRole["image"][], options: BuildOptions) =>
      build(names, options, io),
    );

async function build(
  names: readonly PlanRole["image"][],
  options: BuildOptions,
  { print }: Io,
): Promise<void> {
  const { buildImage } = await import("../launch/docker/build-image.ts");
  const { variant, base, platform, network, cache } = options;
  const built: { readonly image: string; readonly reference: string; readonly id: string }[] = [];
  await withEngine("Building", async (engine, board, signal) => {
    for (const { image, reference } of chosenImages(names, options)) {
      const wanted = { image, variant, reference, base, platform, network, noCache: !cache };
      const id = await buildImage(engine, wanted, board, signal);
      built.push({ image: image.name, reference, id });
      board.say(`built ${reference} (${id.slice(0, 19)})`);
    }
  });
  if (options.json) return print(`${JSON.stringify(built, null, 2)}\n`);
  print(built.map(({ reference, id }) => `${reference} ${id}\n`).join(""));
}
