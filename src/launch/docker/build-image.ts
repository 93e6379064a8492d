import { SggError } from "../../errors.ts";
import { toDockerfile } from "../../plan/docker/dockerfile.ts";
import type { ImageDefinition, Variant } from "../../plan/docker/image.ts";
import { version } from "../../version.ts";
import type { Teller } from "../smoke-run.ts";
import { withBuildContext } from "./build-context.ts";
import { followBuild } from "./build-progress.ts";
import { type Engine, engineWords } from "./engine.ts";
import { jsonLines } from "./json-lines.ts";
import { authOf } from "./registry-auth.ts";

/** What is built, and how. */
export interface Build {
  readonly image: ImageDefinition;
  readonly variant: Variant;
  readonly reference: string;
  /** Another base image than the definition's. */
  readonly base?: string | undefined;
  /** `linux/arm64` builds for GH200 on another machine, where the engine can. */
  readonly platform?: string | undefined;
  /** Network of the commands; the host's where the engine has no bridge. */
  readonly network?: string | undefined;
  readonly noCache?: boolean | undefined;
}

/**
 * Builds an image on an engine, telling each step, and gives its id.
 *
 * @throws {SggError} LAUNCH with the failing step, what it said last, and why it failed
 */
export async function buildImage(
  engine: Engine,
  build: Build,
  tell: Teller,
  signal: AbortSignal,
): Promise<string> {
  const { image, variant, reference, platform, network, noCache } = build;
  const what = `image ${image.name}`;
  const base = build.base ?? image.base[variant] ?? image.base.cpu;
  if (base === undefined) throw noBase(image, variant);
  const dockerfile = toDockerfile(image, { buildkit: engine.hasBuildkit });
  tell.update(what, "gathering its files");
  try {
    return await withBuildContext(image, dockerfile, signal, async (context, src) => {
      const authconfig = await authOf(base);
      const answer = await engine.docker.buildImage(
        { context, src: [...src] },
        {
          t: reference,
          buildargs: {
            BASE: base,
            VERSION: version,
            ...(image.lock && { LOCK: image.lock[variant] }),
          },
          labels: { "r1sgg.variant": variant, "r1sgg.base": base },
          networkmode: network ?? (engine.hasBridge ? "default" : "host"),
          forcerm: true,
          ...(engine.hasBuildkit && { version: "2" }),
          ...(noCache && { nocache: true }),
          ...(platform !== undefined && { platform }),
          ...(authconfig && { authconfig }),
          abortSignal: signal,
        },
      );
      let step = "";
      const end = await followBuild(jsonLines(answer), {
        onStep: (name) => {
          step = name;
          tell.say(`${what}: ${name}`);
          tell.update(what, name);
        },
        onLine: (line) => tell.update(what, `${step.slice(0, 40)}: ${line}`),
      });
      signal.throwIfAborted();
      if (end.failure) throw buildError(reference, end.failure, end.lastLines);
      const { Id } = await engine.docker.getImage(reference).inspect();
      return Id;
    });
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof SggError || !(cause instanceof Error)) throw cause;
    const why = engineWords(cause);
    throw new SggError("LAUNCH", `Cannot build image "${reference}": the engine said "${why}"`, {
      cause,
    });
  } finally {
    tell.end(what);
  }
}

function buildError(
  reference: string,
  { step, why }: { readonly step: string; readonly why: string },
  lines: readonly string[],
): SggError {
  const said = lines.map((line) => `\n  ${line}`).join("");
  const quote = said === "" ? "" : `\nlast lines of the step:${said}`;
  return new SggError(
    "LAUNCH",
    `Cannot build image "${reference}": step "${step}" failed (${why}), expected it to end with exit code 0${quote}`,
  );
}

const noBase = ({ name, base }: ImageDefinition, variant: Variant): SggError =>
  new SggError(
    "USAGE",
    `Cannot build image "${name}" for ${variant}: no base image is known, expected --base or one of ${Object.keys(base).join(", ")}`,
  );
