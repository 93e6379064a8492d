import type { ClusterProfile } from "../../recipe/cluster-profile.ts";
import type { PlanRole, RunPlan } from "../run-plan.ts";
import { gpusOf, nodeShare } from "./directives.ts";
import { quote } from "./quote.ts";
import { runDirOf } from "./role-files.ts";

/** What the constant part of job.sbatch must know of a run, as assignments of bash. */
export function jobVariables(plan: RunPlan, profile: ClusterProfile): readonly string[] {
  const { slurm, ports, storage } = profile;
  const { roles } = plan;
  const probes = roles.flatMap(({ name, ready }) => (ready ? [{ name, ...ready }] : []));
  const hearts = roles.flatMap(({ name, heartbeat }) =>
    heartbeat ? [{ name, ...heartbeat }] : [],
  );
  const table = (name: string, cells: readonly (readonly [string, string | number])[]) =>
    `declare -Ar ${name}=(${cells.map(([key, value]) => `[${key}]=${quote(String(value))}`).join(" ")})`;
  return [
    ...common(plan, profile),
    `readonly RUN_ID=${quote(plan.id)}`,
    `readonly NODES=${plan.topology.nodes}`,
    `readonly CPUS=${nodeShare(plan, profile).cpus}`,
    `readonly GPUS=${quote(gpusOf(plan, profile))}`,
    `readonly MAX_REQUEUES=${plan.limits.requeues}`,
    `readonly CANARY_SECONDS=${slurm.canary_seconds}`,
    `readonly CACHES=(${Object.values(storage.caches).map(quote).join(" ")})`,
    `readonly FIRST_PORT=${ports.first}`,
    `readonly LAST_PORT=${ports.last}`,
    `readonly PORT_NAMES=(${plan.ports.map(quote).join(" ")})`,
    `readonly ROLES=(${roles.map(({ name }) => quote(name)).join(" ")})`,
    table(
      "KIND",
      roles.map(({ name, kind }) => [name, kind]),
    ),
    table(
      "NODES_OF",
      roles.map(({ name, nodes }) => [name, nodes.join(" ")]),
    ),
    table(
      "AFTER",
      roles.map(({ name, after }) => [name, after.join(" ")]),
    ),
    table(
      "SAVE_SIGNAL",
      roles.map((role) => [role.name, saveSignal(role)]),
    ),
    table(
      "READY_PORT",
      probes.map(({ name, port }) => [name, port]),
    ),
    table(
      "READY_PATH",
      probes.map(({ name, path }) => [name, path]),
    ),
    table(
      "READY_SECONDS",
      probes.map(({ name, timeoutSeconds }) => [name, timeoutSeconds]),
    ),
    table(
      "HEARTBEAT",
      hearts.map(({ name, path }) => [name, path]),
    ),
    table(
      "STALL",
      hearts.map(({ name, stallSeconds }) => [name, stallSeconds]),
    ),
  ];
}

/** What role.sh must know besides its arguments. */
export const roleVariables = (plan: RunPlan, profile: ClusterProfile): readonly string[] =>
  common(plan, profile);

const common = (plan: RunPlan, profile: ClusterProfile): readonly string[] => [
  `readonly RUN=${quote(runDirOf(plan, profile))}`,
  `readonly GRACE=${profile.slurm.grace_seconds}`,
  `readonly TICK=${profile.slurm.tick_seconds}`,
];

/** SIGUSR1 asks our Python worker to save and end with 75; other tasks resume after a plain SIGTERM. */
const saveSignal = ({ image }: PlanRole): number => (image === "worker" ? 10 : 15);
