import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { SggError } from "../../errors.ts";
import type { ContainerLimits } from "../../plan/docker/container-options.ts";
import type { Variant } from "../../plan/docker/image.ts";
import type { PlanRole, RunPlan } from "../../plan/run-plan.ts";
import type { Mount } from "../../plan/runtime/runtime.ts";
import { writeAtomic } from "../../write-atomic.ts";
import { runRoles } from "../run-roles.ts";
import type { Teller } from "../smoke-run.ts";
import { type Supervisor, superviseRun } from "../supervise.ts";
import { containerSpec } from "./docker-host.ts";
import { connect, type Engine } from "./engine.ts";
import { ensureImage, type ImageRecord, type WhenMissing } from "./ensure-image.ts";
import { refusePodmanGpus, requireGpus } from "./gpus.ts";
import { writeSecrets } from "./secrets.ts";
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
  /** Beside the run folder. */
  readonly mounts: readonly Mount[];
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
  plan: Pick<RunPlan, "id" | "roles" | "ports" | "files" | "topology">,
  runDir: string,
  settings: DockerSettings,
  tell: Teller,
): Promise<void> {
  const { nodes } = plan.topology;
  if (nodes > 1) throw tooManyNodes(plan.id, nodes);
  const engine = await connect(settings.host);
  refusePodmanGpus(engine, gpusOf(plan.roles));
  const secrets = await writeSecrets(settings.secrets);
  let token: string | undefined;
  try {
    const { graceMs = 10_000 } = settings;
    await superviseRun({ runDir, runId: plan.id, graceMs, say: tell.say }, async (supervisor) => {
      token = supervisor.token;
      supervisor.note({ engine: engine.host });
      const records = await prepareImages(engine, plan.roles, settings, supervisor, tell);
      for (const [path, text] of Object.entries(plan.files)) {
        await mkdir(dirname(join(runDir, path)), { recursive: true });
        await writeAtomic(join(runDir, path), text);
      }
      const place = {
        ...{ runId: plan.id, token: supervisor.token, runDir, user: settings.user },
        images: { ...settings.images, ...mapValues(records, ({ id }) => id) },
        mounts: [...settings.mounts, ...secrets.mounts],
        limits: settings.limits,
      };
      await runRoles(plan, {
        ...{ supervisor, tell },
        toSpec: (role, argv, health) => {
          const env = { ...(health !== undefined && { R1SGG_HEALTH: health }), ...role.env };
          const call = { argv, env, secretEnv: secrets.env };
          return containerSpec(role, call, place, { host: engine.host, graceMs });
        },
      });
    });
  } finally {
    if (token !== undefined) await sweep(engine, token, tell);
    await secrets.remove();
  }
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

const tooManyNodes = (id: string, nodes: number): SggError =>
  new SggError(
    "PLAN",
    `Cannot run "${id}" with Docker: its plan is for ${nodes} nodes, expected one (--on slurm runs on several)`,
  );
