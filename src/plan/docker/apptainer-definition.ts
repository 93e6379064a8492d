import type { ImageDefinition, Step, Variant } from "./image.ts";

/** What an Apptainer definition is written for. */
export interface ApptainerDefinitionOptions {
  readonly variant: Variant;
  readonly base: string;
  readonly version: string;
}

/**
 * The Apptainer definition of an image, built in the folder `containers` as a Dockerfile is.
 *
 * One stage: a SIF has no layers, so what is removed leaves nothing behind. There is no user to set:
 * Apptainer runs everything as who calls it.
 *
 * Errors: none.
 */
export function toApptainerDefinition(
  image: ImageDefinition,
  { variant, base, version }: ApptainerDefinitionOptions,
): string {
  const steps = [...(image.build?.steps ?? []), ...image.steps];
  const files = steps.flatMap((step) => ("copy" in step ? copies(step) : []));
  const commands = steps.flatMap((step) => ("run" in step ? step.run : []));
  const lock = image.lock ? [`LOCK=${image.lock[variant]}`] : [];
  const caches = steps.flatMap((step) => ("run" in step ? (step.caches ?? []) : []));
  const clean = caches.length > 0 ? [`rm -rf ${[...new Set(caches)].join(" ")}`] : [];
  const env = Object.entries(image.env).map(([name, value]) => `export ${name}="${value}"`);
  return [
    `# Made from src/plan/docker/images.ts: ${image.summary}.`,
    `Bootstrap: docker\nFrom: ${base}\n`,
    section("labels", [
      `org.opencontainers.image.title r1sgg ${image.name}`,
      `org.opencontainers.image.version ${version}`,
      `r1sgg.image ${image.name}`,
    ]),
    section("files", files),
    section("environment", env),
    section("post", ["set -e", ...lock, ...commands, ...clean]),
    section("runscript", ['exec "$@"']),
  ].join("\n");
}

/** A folder as source means its contents to Docker, and itself to Apptainer. */
const copies = ({ copy, to }: Extract<Step, { readonly copy: readonly string[] }>): string[] =>
  copy.map((from) => {
    const isFile = /\.\w+$/.test(from);
    const name = from.split("/").at(-1);
    return isFile && to.endsWith("/")
      ? `${from} ${to}${name}`
      : `${from}${isFile ? "" : "/."} ${to}`;
  });

const section = (name: string, lines: readonly string[]): string =>
  `%${name}\n${lines.map((line) => `    ${line}\n`).join("")}`;
