import { mkdir } from "node:fs/promises";
import type { ContainerLimits, ContainerPlace } from "../../plan/docker/container-options.ts";
import { containerOptions } from "../../plan/docker/container-options.ts";
import type { Variant } from "../../plan/docker/image.ts";
import type { PlanRole, RunPlan } from "../../plan/run-plan.ts";
import type { Mount } from "../../plan/runtime/runtime.ts";
import type { Recipe } from "../../recipe/recipe.ts";
import type { RunTool } from "../inputs/bring-inputs.ts";
import { launchHere, type RoleHost, type RunPlace } from "../launch-here.ts";
import { writeFacts } from "../run-facts.ts";
import type { Teller } from "../smoke-run.ts";
import type { Supervisor } from "../supervise.ts";
import { containerSpec } from "./docker-host.ts";
import { connect, type Engine } from "./engine.ts";
import { ensureImage, type ImageRecord, type WhenMissing } from "./ensure-image.ts";
import { refusePodmanGpus, requireGpus } from "./gpus.ts";
import { imageStack } from "./image-stack.ts";
import { inputMounts } from "./mounts.ts";
import { runToEnd } from "./run-tool.ts";
import { removeSecrets, type SecretFiles, writeSecrets } from "./secrets.ts";
import { sweepContainers } from "./sweep.ts";

/** What a person may choose of a run in containers. */
export interface DockerSettings {
  /** The engine; by default that of DOCKER_HOST or of this machine. */
  readonly host?: string | undefined;
  readonly variant: Variant;
  readonly images: Readonly<Record<PlanRole["image"], string>>;
  readonly whenMissing: WhenMissing;
  /** `uid:gid`; null for the images' own user. */
  readonly user: string | null;
  /** Beside the run folder and the inputs; those that are written to are made when not there. */
  readonly mounts: readonly Mount[];
  /** Variables for every role. */
  readonly env: Readonly<Record<string, string>>;
  readonly limits: ContainerLimits;
  /** Variables of ours that are handed on as files, where they are set. */
  readonly secrets: readonly string[];
  readonly graceMs?: number | undefined;
}

/**
 * Runs a plan in containers on one machine, and leaves none of them, however it ends.
 *
 * @throws {SggError} LAUNCH before any role when the engine, an image or the GPUs are not there;
 *   later what ended the run
 */
export async function launchOnDocker(
  plan: RunPlan,
  recipe: Recipe,
  place: RunPlace,
  settings: DockerSettings,
  tell: Teller,
): Promise<void> {
  const engine = await connect(settings.host);
  refusePodmanGpus(engine, gpusOf(plan.roles));
  const host = dockerHost(engine, plan, place, settings, tell);
  await launchHere(plan, recipe, place, host, { tell, graceMs: settings.graceMs });
}

/** Roles as containers of one engine. */
function dockerHost(
  engine: Engine,
  plan: RunPlan,
  { runDir }: RunPlace,
  settings: DockerSettings,
  tell: Teller,
): RoleHost {
  const { host, docker } = engine;
  const { graceMs = 10_000, user, limits, env } = settings;
  let secrets: SecretFiles | undefined;
  let token: string | undefined;
  return {
    open: async (supervisor) => {
      token = supervisor.token;
      supervisor.note({ engine: host, docker: { ...settings, host } });
      secrets = await writeSecrets(settings.secrets);
      supervisor.note({ secrets: secrets.folder });
      const records = await prepareImages(engine, plan.roles, settings, supervisor, tell);
      const secretEnv = secrets.env;
      const mounts = [...settings.mounts, ...secrets.mounts];
      for (const { from, read_only } of settings.mounts)
        if (!read_only) await mkdir(from, { recursive: true });
      const images = { ...settings.images, ...mapValues(records, ({ id }) => id) };
      const shared = { runId: plan.id, token, runDir, images, user, limits };
      let place: ContainerPlace = { ...shared, mounts };
      const runIn =
        (image: PlanRole["image"]): RunTool =>
        (program, args) => {
          const tool = { name: "tool", image, gpus: [] } as const;
          const call = { argv: [program, ...args], env, secretEnv };
          return runToEnd(docker, containerOptions(tool, call, place), host, supervisor.signal);
        };
      await writeFacts(plan, runDir, await imageStack(records, runIn, tell));
      return {
        runTool: runIn("worker"),
        brought: async () => {
          place = { ...shared, mounts: [...mounts, ...(await inputMounts(plan, runDir))] };
        },
        toSpec: (role, argv, { health }) => {
          const asked = health === undefined ? {} : { R1SGG_HEALTH: health };
          const call = {
            argv,
            env: { ...asked, ...env, ...role.env },
            secretEnv: { ...secretEnv, ...role.secretEnv },
          };
          return containerSpec(role, call, place, { host, graceMs });
        },
      };
    },
    close: async () => {
      if (token !== undefined) await sweep(engine, token, tell);
      await removeSecrets(secrets?.folder);
    },
  };
}

/** Every image that the roles need, there and noted in the record, and the GPUs tried on one. */
async function prepareImages(
  engine: Engine,
  roles: readonly PlanRole[],
  { images, variant, whenMissing }: DockerSettings,
  supervisor: Supervisor,
  tell: Teller,
): Promise<Readonly<Record<string, ImageRecord>>> {
  const records: Record<string, ImageRecord> = {};
  for (const name of new Set(roles.map(({ image }) => image))) {
    const wanted = { reference: images[name], variant, whenMissing };
    records[name] = await ensureImage(engine, name, wanted, tell, supervisor.signal);
  }
  supervisor.note({ images: records });
  const withGpus = roles.find(({ gpus }) => gpus.length > 0);
  if (withGpus) await requireGpus(engine, images[withGpus.image], gpusOf(roles));
  return records;
}

/** A role that was killed at once could not remove its container. */
async function sweep({ host }: Engine, token: string, { say }: Teller): Promise<void> {
  try {
    await sweepContainers(host, token);
  } catch (cause) {
    say(
      `containers of the run may be left: the engine at "${host}" does not answer (${(cause as Error).message}); r1sgg containers prune removes them once it does`,
    );
  }
}

const gpusOf = (roles: readonly PlanRole[]): readonly number[] =>
  [...new Set(roles.flatMap(({ gpus }) => gpus))].toSorted((a, b) => a - b);

const mapValues = <A, B>(
  values: Readonly<Record<string, A>>,
  map: (value: A) => B,
): Record<string, B> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, map(value)]));
