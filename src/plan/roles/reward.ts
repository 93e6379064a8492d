import type { RecipeOf } from "../../recipe/recipe.ts";
import { rewardShare } from "../role-share.ts";
import type { PlanRole } from "../run-plan.ts";
import { at, type Context } from "./context.ts";

/** The reward endpoint, on the CPUs of the head node; who asks must know the token. */
export function rewardRole({ recipe, machine }: Context<RecipeOf<"grpo">>): PlanRole {
  const { rewards } = recipe;
  const share = rewardShare(machine);
  return {
    name: "reward",
    kind: "service",
    image: "reward",
    nodes: [0],
    gpus: [],
    ...share,
    command: [
      ...["r1sgg", "reward", "serve", "--host", { host: 0 }, "--port", { port: "reward" }],
      ...["--profile", rewards.profile, "--similarity", rewards.similarity],
      ...["--format-weight", String(rewards.format_weight)],
      ...["--node-weight", String(rewards.node_weight)],
      ...["--edge-weight", String(rewards.edge_weight)],
      ...(rewards.strict_format ? [] : ["--lenient-format"]),
      ...["--workers", String(share.cpus - 1)],
      ...["--token-file", at.rewardToken, "--log", "rewards.jsonl"],
    ],
    env: {},
    after: [],
    ready: { port: "reward", path: "/ready", timeoutSeconds: 300 },
  };
}
