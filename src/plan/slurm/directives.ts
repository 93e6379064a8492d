import type { ClusterProfile } from "../../recipe/cluster-profile.ts";
import { duration } from "../../recipe/duration.ts";
import type { PlanRole, RunPlan } from "../run-plan.ts";
import { components } from "./components.ts";

/**
 * The #SBATCH lines of a job: what it asks Slurm for.
 *
 * Every value is a number or was checked to be one word when the profile was read, so that none needs
 * quotes, which sbatch reads by rules of its own. Where the job starts stands at its submission.
 */
export function directives(
  plan: RunPlan,
  profile: ClusterProfile,
  { name, output } = { name: plan.id, output: "slurm.log" },
): readonly string[] {
  const { slurm } = profile;
  const sizes = slurm.heterogeneous ? components(plan) : [plan.topology.nodes];
  const parts = sizes.map((nodes, at) => [
    ...(at === 0 ? [] : ["#SBATCH hetjob"]),
    ...toLines([...resources(plan, profile, nodes), ...place(plan, slurm)]),
  ]);
  const whole = [
    `--job-name=${name.replaceAll(/[^\w.-]/g, "-")}`,
    `--output=${output}`,
    "--open-mode=append",
    plan.limits.requeues > 0 ? "--requeue" : "--no-requeue",
    `--signal=B:USR1@${slurm.signal_lead_seconds}`,
  ];
  return [...toLines(whole), ...parts.flat()];
}

/** What a job asks of each node: everything where it takes all GPUs, else what its roles need. */
export function nodeShare(
  { topology, roles }: RunPlan,
  { node, slurm }: ClusterProfile,
): { readonly whole: boolean; readonly cpus: number; readonly memory: string } {
  if (slurm.exclusive && topology.gpusPerNode === node.gpus)
    return { whole: true, cpus: node.cpus, memory: `${node.memory_gib}G` };
  const most = (amount: (role: PlanRole) => number) =>
    Math.max(
      1,
      ...Array.from({ length: topology.nodes }, (_, at) =>
        roles.reduce((sum, role) => sum + (role.nodes.includes(at) ? amount(role) : 0), 0),
      ),
    );
  return {
    whole: false,
    cpus: Math.min(
      node.cpus,
      most((role) => role.cpus),
    ),
    memory: `${Math.min(
      node.memory_gib * 1024,
      most((role) => role.memoryMib),
    )}M`,
  };
}

/** GPUs of each node as Slurm wants them, `a100:4`; empty for a job without. */
export const gpusOf = ({ topology }: RunPlan, { node }: ClusterProfile): string =>
  topology.gpusPerNode === 0
    ? ""
    : `${node.gpu === null ? "" : `${node.gpu}:`}${topology.gpusPerNode}`;

function resources(plan: RunPlan, profile: ClusterProfile, nodes: number): readonly string[] {
  const { whole, cpus, memory } = nodeShare(plan, profile);
  const gpus = gpusOf(plan, profile);
  return [
    `--nodes=${nodes}`,
    "--ntasks-per-node=1",
    `--cpus-per-task=${cpus}`,
    `--mem=${memory}`,
    ...(gpus === "" ? [] : [`--gpus-per-node=${gpus}`]),
    ...(whole ? ["--exclusive"] : []),
  ];
}

/** Where the job may run and how long: as long as the plan says, which knows the cluster's limit. */
function place({ limits }: RunPlan, slurm: ClusterProfile["slurm"]): readonly string[] {
  const time = limits.seconds === null ? slurm.time_limit : duration(limits.seconds);
  const names = ["partition", "account", "qos", "reservation", "constraint"] as const;
  return [
    ...names.flatMap((name) => (slurm[name] === null ? [] : [`--${name}=${slurm[name]}`])),
    `--time=${time}`,
    ...slurm.extra,
  ];
}

const toLines = (options: readonly string[]): readonly string[] =>
  options.map((option) => `#SBATCH ${option}`);
