import type { PlanRole, RunPlan } from "../run-plan.ts";

/**
 * How many nodes each component of a heterogeneous job has, in the order of the plan's nodes.
 *
 * A step runs in one component, so nodes that share a role stay together; what is left apart becomes
 * components of its own, neighbours with the same kinds of roles one of them. One component is a
 * plain job.
 *
 * @example
 * // reward and trainer on nodes 0 and 1, samplers on 2 and 3
 * components(plan); // [2, 2]
 */
export function components(plan: RunPlan): readonly number[] {
  const { nodes } = plan.topology;
  const kinds = Array.from({ length: nodes }, (_, node) => kindsOn(plan.roles, node));
  const tied = (node: number) =>
    plan.roles.some((role) => Math.min(...role.nodes) < node && Math.max(...role.nodes) >= node);
  const sizes: number[] = [];
  for (let node = 0; node < nodes; node += 1) {
    if (node > 0 && (tied(node) || kinds[node] === kinds[node - 1])) sizes[sizes.length - 1]! += 1;
    else sizes.push(1);
  }
  return sizes;
}

const kindsOn = (roles: readonly PlanRole[], node: number): string =>
  [...new Set(roles.filter((role) => role.nodes.includes(node)).map((role) => role.image))]
    .toSorted()
    .join();
