import { SggError } from "../../errors.ts";
import type { Variant } from "../../plan/docker/image.ts";
import { images } from "../../plan/docker/images.ts";
import type { PlanRole } from "../../plan/run-plan.ts";
import type { Teller } from "../smoke-run.ts";
import { buildImage } from "./build-image.ts";
import type { Engine } from "./engine.ts";
import { pullImage } from "./transfer.ts";

/** An image that is there, as a run's record names it. */
export interface ImageRecord {
  readonly reference: string;
  /** The engine's own name of its contents: `sha256:…`. */
  readonly id: string;
  /** What registries call it; none for one that was built here. */
  readonly digests: readonly string[];
  readonly architecture: string;
}

/** What is done about an image that is not there. */
export type WhenMissing = "build" | "pull" | "fail";

/**
 * The image of a kind of role, made or fetched when it is not there.
 *
 * @throws {SggError} LAUNCH
 */
export async function ensureImage(
  engine: Engine,
  name: PlanRole["image"],
  wanted: {
    readonly reference: string;
    readonly variant: Variant;
    readonly whenMissing: WhenMissing;
  },
  tell: Teller,
  signal: AbortSignal,
): Promise<ImageRecord> {
  const { reference, variant, whenMissing } = wanted;
  const found = await inspectImage(engine, reference);
  if (found) return found;
  if (whenMissing === "fail") throw missing(engine, reference, name);
  if (whenMissing === "pull") await pullImage(engine, reference, tell, signal);
  else await buildImage(engine, { image: images[name], variant, reference }, tell, signal);
  const made = await inspectImage(engine, reference);
  if (made) return made;
  throw missing(engine, reference, name);
}

/** What an engine knows of an image; undefined when it has none of that name. */
export async function inspectImage(
  { docker }: Engine,
  reference: string,
): Promise<ImageRecord | undefined> {
  try {
    const { Id, RepoDigests, Architecture } = await docker.getImage(reference).inspect();
    return { reference, id: Id, digests: RepoDigests ?? [], architecture: Architecture };
  } catch (cause) {
    if ((cause as { readonly statusCode?: number }).statusCode === 404) return undefined;
    throw cause;
  }
}

const missing = ({ host }: Engine, reference: string, name: string): SggError =>
  new SggError(
    "LAUNCH",
    `Cannot use image "${reference}": the engine at "${host}" has none of that name, expected it there (r1sgg containers build ${name}, or docker pull)`,
  );
