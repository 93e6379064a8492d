import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Mount } from "../../plan/runtime/runtime.ts";

/** Secrets as files of the user's alone, and how a container sees them. */
export interface SecretFiles {
  /** Variable to file, as `secretEnv` of a container takes it. */
  readonly env: Readonly<Record<string, string>>;
  readonly mounts: readonly Mount[];
  /** Where they are; undefined where there are none. */
  readonly folder: string | undefined;
}

const prefix = join(tmpdir(), "r1sgg-secrets-");

/** Removes them; a folder that is none of ours, as a record may name it, stays. */
export async function removeSecrets(folder: unknown): Promise<void> {
  if (typeof folder !== "string" || !folder.startsWith(prefix)) return;
  await rm(folder, { recursive: true, force: true });
}

/** Writes the variables that are set into files, outside the run folder. Errors: those of the disk. */
export async function writeSecrets(
  names: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<SecretFiles> {
  const set = names.flatMap((name) => (env[name] ? [[name, env[name]] as const] : []));
  if (set.length === 0) return { env: {}, mounts: [], folder: undefined };
  const folder = await mkdtemp(prefix); // mode 0700
  await Promise.all(
    set.map(([name, value]) => writeFile(join(folder, name), value, { mode: 0o600 })),
  );
  return {
    env: Object.fromEntries(set.map(([name]) => [name, join(folder, name)])),
    mounts: [{ from: folder, to: null, read_only: true }],
    folder,
  };
}
