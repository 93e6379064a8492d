import { readScriptParts } from "../../src/launch/slurm/script-parts.ts";
import type { RunPlan } from "../../src/plan/run-plan.ts";
import { renderSlurm } from "../../src/plan/slurm/render.ts";
import type { ClusterProfile } from "../../src/recipe/cluster-profile.ts";
import { loadClusterProfile } from "../../src/recipe/load-cluster-profile.ts";
import { shipped } from "../../src/root.ts";
import { evalPlan, grpoPlan, sftPlan } from "./slurm-plans.ts";

/** One plan on one of the shipped profiles. */
export interface Render {
  readonly name: string;
  readonly plan: RunPlan;
  readonly profile: ClusterProfile;
  readonly files: Readonly<Record<string, string>>;
}

const plans: Readonly<Record<string, RunPlan>> = {
  "grpo-4": grpoPlan(1),
  "grpo-16": grpoPlan(4),
  "sft-4": sftPlan(1),
  "sft-16": sftPlan(4),
  eval: evalPlan(),
};

/** Every plan on every shipped profile, and one as a heterogeneous job. */
export async function allRenders(): Promise<readonly Render[]> {
  const parts = await readScriptParts();
  const environment = { SCRATCH: "/scratch", R1SGG_ACCOUNT: "a01" };
  const load = (name: string, set: readonly string[] = []) =>
    loadClusterProfile(shipped(`slurm/${name}.yaml`), { environment, set });
  const render = (name: string, plan: RunPlan, profile: ClusterProfile): Render => ({
    ...{ name, plan, profile },
    files: renderSlurm(plan, profile, parts),
  });
  const renders: Render[] = [];
  for (const cluster of ["generic-a100", "alps-gh200", "infiniband"]) {
    const profile = await load(cluster);
    for (const [name, plan] of Object.entries(plans))
      renders.push(render(`${name}.${cluster}`, plan, profile));
  }
  const apart = await load("generic-a100", ["slurm.heterogeneous=true"]);
  return [...renders, render("grpo-16.heterogeneous", grpoPlan(4), apart)];
}
