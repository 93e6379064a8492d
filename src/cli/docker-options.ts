import { homedir } from "node:os";
import { resolve } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import { hubSettings } from "../data/hub/settings.ts";
import type { WhenMissing } from "../launch/docker/ensure-image.ts";
import type { DockerSettings } from "../launch/docker/launch.ts";
import { imageReference } from "../plan/docker/image-reference.ts";
import type { PlanRole, RunPlan } from "../plan/run-plan.ts";
import type { Mount } from "../plan/runtime/runtime.ts";
import { version } from "../version.ts";
import { wholeNumber } from "./numbers.ts";

/** What `launch --on docker` is told beside the plan. */
export interface DockerOptions {
  readonly image: Readonly<Partial<Record<PlanRole["image"], string>>>;
  readonly registry?: string;
  readonly missing?: WhenMissing;
  readonly mount: readonly Mount[];
  readonly shm?: number;
  readonly memlock?: number;
  readonly user?: string;
}

/** Adds the options of `DockerOptions` to a command. */
export const withDocker = (command: Command): Command =>
  command
    .optionsGroup("Options of --on docker:")
    .option(
      "--image <name=reference>",
      "another image of reward, sampler or worker; may be repeated",
      addImage,
      {},
    )
    .option("--registry <prefix>", "where our images are, for example ghcr.io/me")
    .addOption(
      new Option(
        "--missing <what>",
        "what is done about an image that is not there (default: pull with --registry, else build)",
      ).choices(["build", "pull", "fail"]),
    )
    .option(
      "--mount <from[:to][:ro]>",
      "a folder for the containers to see; may be repeated",
      addMount,
      [],
    )
    .option(
      "--shm <MiB>",
      "shared memory of its own for each container, instead of the machine's",
      wholeNumber(1),
    )
    .option("--memlock <bytes>", "memory that may be locked; -1 for all", memlock)
    .option("--user <uid:gid>", "who the containers run as (default: you)");

/** The settings of a run in containers. Errors: SggError USAGE for settings of the Hub of another form. */
export function dockerSettings(
  { device }: Pick<RunPlan, "device">,
  options: DockerOptions,
  env: NodeJS.ProcessEnv = process.env,
): DockerSettings {
  const { registry } = options;
  const variant = device === "cuda" ? "cuda" : "cpu";
  const ours = (name: PlanRole["image"]): string =>
    imageReference(name, { registry, version, variant });
  const { cache } = hubSettings(env);
  const passed = ["HF_ENDPOINT", "HF_HUB_OFFLINE"].flatMap((name) => {
    const value = env[name];
    return value ? [[name, value] as const] : [];
  });
  return {
    variant,
    images: {
      reward: ours("reward"),
      sampler: ours("sampler"),
      worker: ours("worker"),
      ...options.image,
    },
    whenMissing: options.missing ?? (registry === undefined ? "build" : "pull"),
    user: options.user ?? `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`,
    mounts: [{ from: resolve(cache), to: null, read_only: false }, ...options.mount],
    env: { HF_HUB_CACHE: resolve(cache), ...Object.fromEntries(passed) },
    limits: { shmMib: options.shm ?? null, memlock: options.memlock ?? null },
    secrets: ["HF_TOKEN", "WANDB_API_KEY"],
  };
}

function addImage(text: string, before: DockerOptions["image"]): DockerOptions["image"] {
  const [, name, reference] = /^(reward|sampler|worker)=(\S+)$/.exec(text) ?? [];
  if (name === undefined)
    throw new InvalidArgumentError("Expected reward=…, sampler=… or worker=….");
  return { ...before, [name]: reference };
}

function addMount(text: string, before: readonly Mount[]): readonly Mount[] {
  const [, from = "", to, mode] = /^([^:]+)(?::(\/[^:]*))?(?::(ro|rw))?$/.exec(text) ?? [];
  if (from === "") throw new InvalidArgumentError("Expected FROM, FROM:TO or FROM:TO:ro.");
  const path = resolve(from.replace(/^~(?=\/|$)/, homedir()));
  return [...before, { from: path, to: to ?? null, read_only: mode === "ro" }];
}

function memlock(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= -1) return number;
  throw new InvalidArgumentError("Expected a number of bytes, or -1.");
}
