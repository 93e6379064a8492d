import type { ClusterProfile } from "../../recipe/cluster-profile.ts";
import type { PlanRole, RunPlan } from "../run-plan.ts";
import { inRuntime, type Place } from "../runtime/in-runtime.ts";
import { nulList } from "./quote.ts";
import { wordFiles } from "./words.ts";

/**
 * The files from which a job's script reads a role, below `artifacts/roles`: its words (`argv`,
 * `kinds`), environment, secrets, GPUs, and how it gets into its container (`prefix`, `srun`,
 * `passed`, `cleanup`); and what the container's runtime wants to read itself.
 *
 * Errors: SggError PLAN for a NUL in a text
 */
export function roleFiles(
  plan: RunPlan,
  role: PlanRole,
  profile: ClusterProfile,
): Readonly<Record<string, string>> {
  const env = { ...environment(profile), ...role.env };
  const place = placeOf(plan, role, profile);
  const contained = inRuntime(profile.runtime, { ...role, env }, place);
  const { argv, kinds } = wordFiles(role.command);
  const pairs = (values: Readonly<Record<string, string>>) =>
    nulList(Object.entries(values).map(([name, value]) => `${name}=${value}`));
  const own = {
    argv,
    kinds,
    env: pairs(contained.env),
    secrets: pairs(role.secretEnv ?? {}),
    gpus: role.gpus.map((gpu) => `${gpu}\n`).join(""),
    prefix: nulList(contained.prefix),
    srun: nulList(contained.srun),
    passed: contained.forwardAs,
    cleanup: nulList(contained.cleanup.flatMap((command) => [...command, ""])),
  };
  const named = Object.entries(own).map(([kind, text]) => [
    `artifacts/roles/${role.name}.${kind}`,
    text,
  ]);
  return { ...contained.files, ...Object.fromEntries(named) };
}

/** Absolute, the same on every node. */
export const runDirOf = ({ id }: RunPlan, { storage }: ClusterProfile): string =>
  `${storage.runs.replace(/\/+$/, "")}/${id}`;

/** Variables that every role has, from the cluster's profile. */
const environment = ({ environment, storage, offline }: ClusterProfile) => ({
  ...(offline && offlineSwitches),
  ...storage.caches,
  ...environment,
});

/** Without them libraries wait for an answer from the internet, some of them very long. */
const offlineSwitches = {
  HF_HUB_OFFLINE: "1",
  TRANSFORMERS_OFFLINE: "1",
  HF_DATASETS_OFFLINE: "1",
  WANDB_MODE: "offline",
  VLLM_NO_USAGE_STATS: "1",
  DO_NOT_TRACK: "1",
};

function placeOf(plan: RunPlan, role: PlanRole, profile: ClusterProfile): Place {
  const known = ["R1SGG_RUN_TOKEN", "R1SGG_RUN_ROLE", "R1SGG_ATTEMPT"];
  const device = profile.runtime.kind === "docker" ? [] : ["CUDA_VISIBLE_DEVICES"];
  const secret = [...profile.secrets, ...Object.keys(role.secretEnv ?? {})];
  return {
    runDir: runDirOf(plan, profile),
    runId: plan.id,
    caches: Object.values(profile.storage.caches),
    forward: [...known, ...device, ...secret],
  };
}
