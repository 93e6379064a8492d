import { SggError } from "../../errors.ts";
import type { ClusterProfile } from "../../recipe/cluster-profile.ts";
import type { PlanRole, RunPlan, Word } from "../run-plan.ts";

const plainName = /^[A-Za-z0-9][\w.-]*$/;

/**
 * Refuses a plan that this cluster cannot hold, or that names what it does not have.
 *
 * Errors: SggError PLAN with every fault at once
 */
export function checkForSlurm(plan: RunPlan, { name, node, slurm }: ClusterProfile): void {
  const { topology, roles, ports, limits } = plan;
  const lead = slurm.signal_lead_seconds;
  const names = roles.map((role) => role.name);
  const faults = [
    ...(topology.gpusPerNode > node.gpus
      ? [`${topology.gpusPerNode} GPUs a node, expected at most ${node.gpus}`]
      : []),
    ...(limits.seconds !== null && limits.seconds <= lead
      ? [
          `an attempt of ${limits.seconds} s, expected more than the ${lead} s of slurm.signal_lead_seconds`,
        ]
      : []),
    ...[...names, ...ports]
      .filter((one) => !plainName.test(one))
      .map((one) => `the name "${one}", expected letters, digits, dots and dashes`),
    ...roles.flatMap((role) =>
      faultsOf(role, plan).map((fault) => `role "${role.name}": ${fault}`),
    ),
  ];
  if (faults.length === 0) return;
  throw new SggError(
    "PLAN",
    `Cannot render plan "${plan.id}" for cluster "${name}": ${faults.join("; ")}`,
  );
}

function faultsOf(role: PlanRole, { topology, roles, ports, secrets }: RunPlan): readonly string[] {
  const earlier = roles.slice(0, roles.indexOf(role)).map(({ name }) => name);
  const isNode = (node: number) => Number.isInteger(node) && node >= 0 && node < topology.nodes;
  const words = role.command.flatMap((word) => faultsOfWord(word, ports, isNode));
  const port = role.ready?.port;
  return [
    ...(role.nodes.length === 0 ? ["no node, expected at least one"] : []),
    ...role.nodes.filter((node) => !isNode(node)).map((node) => `node ${node} is not there`),
    ...role.gpus
      .filter((gpu) => !Number.isInteger(gpu) || gpu < 0 || gpu >= topology.gpusPerNode)
      .map((gpu) => `GPU ${gpu} is not there, expected one of ${topology.gpusPerNode}`),
    ...role.after.filter((name) => !earlier.includes(name)).map((name) => `no "${name}" before it`),
    ...(port === undefined || ports.includes(port) ? [] : [`no port "${port}"`]),
    ...Object.values(role.secretEnv ?? {})
      .filter((path) => !secrets.includes(path))
      .map((path) => `no secret file "${path}"`),
    ...words,
  ];
}

function faultsOfWord(
  word: Word,
  ports: readonly string[],
  isNode: (node: number) => boolean,
): readonly string[] {
  if (typeof word === "string" || "node" in word) return [];
  if ("host" in word) return isNode(word.host) ? [] : [`no node ${word.host} for a host name`];
  const port = "port" in word ? word.port : word.url;
  return [
    ...(ports.includes(port) ? [] : [`no port "${port}" for a word`]),
    ...("on" in word && !isNode(word.on) ? [`no node ${word.on} for a URL`] : []),
  ];
}
