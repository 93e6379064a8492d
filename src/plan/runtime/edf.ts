import type { Contained, ContainedRole, Place } from "./in-runtime.ts";
import type { EdfRuntime, Mount } from "./runtime.ts";

/**
 * A step in CSCS's Container Engine: `srun --environment=FILE`, with the file made from the profile.
 *
 * The role's variables are set by `env` inside: of the three sources the engine reads, `[env]` wins
 * over the image and the image over the host, and one file serves several roles.
 * `--environment` stands at srun only; in a script's #SBATCH lines its makers advise against it.
 */
export function edf(
  runtime: EdfRuntime,
  { image, env }: ContainedRole,
  { runDir }: Place,
  mounts: readonly Mount[],
): Partial<Contained> {
  const path = `artifacts/edf/${image}.toml`;
  const settings = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  return {
    srun: [`--environment=${runDir}/${path}`],
    prefix: ["env", ...settings],
    env: {},
    files: { [path]: edfText(runtime, image, runDir, mounts) },
  };
}

/** The text of an EDF: TOML, one image, no variables left to be filled in. */
export function edfText(
  { images, annotations, entrypoint, writable }: EdfRuntime,
  image: ContainedRole["image"],
  workdir: string,
  mounts: readonly Mount[],
): string {
  const places = mounts.map(({ from, to, read_only }) =>
    text(`${from}:${to ?? from}${read_only ? ":ro" : ""}`),
  );
  const hooks = Object.entries(annotations).map(
    ([name, value]) => `${text(name)} = ${text(value)}`,
  );
  const lines = [
    `image = ${text(images[image])}`,
    `mounts = [${places.join(", ")}]`,
    `workdir = ${text(workdir)}`,
    `entrypoint = ${entrypoint}`,
    `writable = ${writable}`,
    ...(hooks.length > 0 ? ["", "[annotations]", ...hooks] : []),
  ];
  return `${lines.join("\n")}\n`;
}

/** JSON escapes what a TOML basic string must escape. */
const text = (value: string): string => JSON.stringify(value);
