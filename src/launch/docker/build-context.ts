import { existsSync } from "node:fs";
import { copyFile, cp, mkdir, mkdtemp, readdir, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ExecaError, execa } from "execa";
import { SggError } from "../../errors.ts";
import type { ImageDefinition } from "../../plan/docker/image.ts";
import { shipped } from "../../root.ts";

/** The packed package, where the reward image's Dockerfile looks for it. */
const packed = "reward/r1sgg.tgz";

/**
 * Does something with the folder that an image is built from: its Dockerfile, and what that copies.
 *
 * Only these files travel to the engine, so that nothing else of a checkout can get into an image or
 * undo its cache.
 *
 * @throws {SggError} LAUNCH when the package cannot be packed; what `use` threw
 */
export async function withBuildContext<T>(
  image: ImageDefinition,
  dockerfile: string,
  signal: AbortSignal,
  use: (folder: string, entries: readonly string[]) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "r1sgg-build-"));
  try {
    await writeFile(join(folder, "Dockerfile"), dockerfile);
    const steps = [...(image.build?.steps ?? []), ...image.steps];
    for (const path of steps.flatMap((step) => ("copy" in step ? step.copy : []))) {
      const target = join(folder, path);
      await mkdir(dirname(target), { recursive: true });
      if (path === packed) await packPackage(target, signal);
      else await copyShipped(shipped(`containers/${path}`), target);
    }
    return await use(folder, await readdir(folder));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const copyShipped = async (from: string, to: string): Promise<void> =>
  cp(from, to, { recursive: true, filter: (path) => !/\/(__pycache__|\.\w+_cache)$/.test(path) });

/**
 * Packs this very product as npm publishes it. From a checkout it is compiled first; an installed
 * one is compiled already.
 */
export async function packPackage(target: string, cancelSignal: AbortSignal): Promise<void> {
  const isCheckout = existsSync(shipped("src/cli/main.ts"));
  const folder = await mkdtemp(join(tmpdir(), "r1sgg-pack-"));
  const scripts = isCheckout ? [] : ["--ignore-scripts"];
  try {
    const args = ["pack", "--silent", "--pack-destination", folder, ...scripts];
    await execa("npm", args, { cwd: shipped("."), cancelSignal, stdin: "ignore" });
    const [file = ""] = await readdir(folder);
    await copyFile(join(folder, file), `${target}.new`);
    await rename(`${target}.new`, target);
  } catch (cause) {
    if (!(cause instanceof ExecaError)) throw cause;
    cancelSignal.throwIfAborted();
    const why = String(cause.stderr).trim() || cause.shortMessage;
    throw new SggError("LAUNCH", `Cannot pack r1sgg for its image: npm pack said "${why}"`, {
      cause,
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
