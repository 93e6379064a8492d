import { type ImageDefinition, imageUser, type Step } from "./image.ts";

/** How a Dockerfile is to be written. */
export interface DockerfileOptions {
  /** The classic builder knows no cache mounts. */
  readonly buildkit: boolean;
}

/**
 * The Dockerfile of an image.
 *
 * Build arguments: BASE (a base image by reference), LOCK (`cpu` or `cuda`, for images with Python)
 * and VERSION. The context is the folder `containers`, with the packed package as
 * `reward/r1sgg.tgz`.
 *
 * Errors: none.
 */
export function toDockerfile(image: ImageDefinition, { buildkit }: DockerfileOptions): string {
  const toText = (step: Step): string => stepText(step, buildkit);
  const { build } = image;
  const blocks = [
    `# Made from src/plan/docker/images.ts: ${image.summary}.\nARG BASE=${image.base.cpu ?? ""}`,
    ...(build ? ["FROM $BASE AS build", ...build.steps.map(toText)] : []),
    "FROM $BASE",
    ...(image.lock ? ["ARG LOCK=cpu"] : []),
    ...(build ? [`COPY --from=build ${build.keep} ${build.keep}`] : []),
    ...image.steps.map(toText),
    envText(image.env),
    "ARG VERSION=0.0.0",
    labelText(image),
    `USER ${imageUser}`,
    `HEALTHCHECK --interval=30s --timeout=10s --start-period=15m CMD ${JSON.stringify(image.health)}`,
    `CMD ${JSON.stringify(image.command)}`,
  ];
  return `${blocks.join("\n\n")}\n`;
}

function stepText(step: Step, buildkit: boolean): string {
  if ("copy" in step) return `COPY ${[...step.copy, step.to].join(" ")}`;
  const { allow, caches = [], run } = step;
  const ignore = allow
    ? `# ${allow.why[0]?.toUpperCase()}${allow.why.slice(1)}.\n# hadolint ignore=${allow.codes.join(",")}\n`
    : "";
  const mounts = buildkit
    ? caches.map((path) => `--mount=type=cache,target=${path},sharing=locked \\\n    `)
    : [];
  return `${ignore}RUN ${mounts.join("")}${run.join(" \\\n && ")}${buildkit ? "" : forget(caches)}`;
}

/** Without cache mounts, what an installer kept would stay in the layer. */
const forget = (caches: readonly string[]): string =>
  caches.length === 0 ? "" : ` \\\n && rm -rf ${caches.join(" ")}`;

const envText = (env: ImageDefinition["env"]): string =>
  `ENV ${Object.entries(env)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(" \\\n    ")}`;

const labelText = ({ name, summary }: ImageDefinition): string =>
  `LABEL org.opencontainers.image.title="r1sgg ${name}" \\
    org.opencontainers.image.description="${summary}" \\
    org.opencontainers.image.licenses="Apache-2.0" \\
    org.opencontainers.image.version="\${VERSION}" \\
    r1sgg.image="${name}"`;
