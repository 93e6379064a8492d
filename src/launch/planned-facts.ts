import type { RunPlan } from "../plan/run-plan.ts";
import type { ClusterRuntime } from "../recipe/cluster-runtime.ts";
import { codeText } from "./code-text.ts";
import type { RunFacts } from "./run-facts.ts";

/**
 * What is known of a run on a cluster before it starts: its GPUs as the cluster calls them, and the images
 * of its roles. Trainers note the versions inside of theirs, where they are read instead.
 */
export async function plannedFacts(
  { topology, roles }: Pick<RunPlan, "topology" | "roles">,
  cluster: string,
  runtime: ClusterRuntime,
): Promise<RunFacts> {
  const { nodes, gpusPerNode, gpu } = topology;
  const images = runtime.kind === "none" ? undefined : runtime.images;
  const used = new Set(roles.map(({ image }) => image).filter((image) => image !== "reward"));
  const named = [...used].flatMap((image) =>
    images ? [[`${image} image`, images[image]] as const] : [],
  );
  return {
    stack: Object.fromEntries(named),
    hardware: `${gpu === null ? "CPUs" : `${nodes * gpusPerNode} × ${gpu}`} of ${cluster}`,
    code: await codeText(),
  };
}
