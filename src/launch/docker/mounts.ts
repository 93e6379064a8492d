import { lstat, readlink, realpath } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { RunPlan } from "../../plan/run-plan.ts";
import type { Mount } from "../../plan/runtime/runtime.ts";

/**
 * What the links of a run's inputs point to, to be seen at the same paths, read-only.
 *
 * A model in the Hub's cache is itself made of links, into the folder above its snapshots.
 */
export async function inputMounts(
  { inputs }: Pick<RunPlan, "inputs">,
  runDir: string,
): Promise<readonly Mount[]> {
  const paths = await Promise.all(
    Object.keys(inputs).map(async (at) => {
      const path = join(runDir, at);
      if (!(await lstat(path)).isSymbolicLink()) return [];
      const target = resolve(dirname(path), await readlink(path));
      return [target, await realpath(target)];
    }),
  );
  const seen = [...new Set(paths.flat().map(wholeModel))];
  return seen.map((from) => ({ from, to: null, read_only: true }));
}

const wholeModel = (path: string): string =>
  /^(.*\/models--[^/]+)\/snapshots\//.exec(path)?.[1] ?? path;
