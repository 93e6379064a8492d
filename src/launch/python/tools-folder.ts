import { mkdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { buildOnce } from "./build-once.ts";
import type { EnvironmentSpec } from "./environment.ts";
import { findPython } from "./interpreter.ts";
import { lockKey } from "./lock-key.ts";
import { installPackages } from "./packages.ts";
import type { Setup } from "./setup.ts";
import { ensureUv } from "./uv.ts";

/** A folder with the packages of a lock, beside any environment; renamed into place when complete. */
export async function ensureFolder(
  spec: Pick<EnvironmentSpec, "name" | "what" | "lock" | "bytes">,
  setup: Setup,
): Promise<string> {
  const python = await findPython(setup.signal);
  const key = await lockKey([spec.lock]);
  const folder = join(setup.cache, "python", `${spec.name}-${key}-py${python.version}`);
  const build = async (): Promise<void> => {
    setup.say(`installing ${spec.what} into ${folder} (once)`);
    const uv = await ensureUv(python, setup);
    const target = `${folder}.new`;
    await rm(target, { recursive: true, force: true });
    await mkdir(target);
    const { what, lock, bytes } = spec;
    await installPackages({ what, lock, bytes, uv, python: python.path, target }, setup);
    await rename(target, folder);
  };
  const isThere = (): Promise<boolean> =>
    stat(folder).then(
      () => true,
      () => false,
    );
  await buildOnce(folder, spec.what, setup, isThere, build);
  return folder;
}
