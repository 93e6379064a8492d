import type { RecipeOf } from "../../recipe/recipe.ts";
import type { EndpointsTemplate, PlanRole, RunPlan } from "../run-plan.ts";
import {
  evalRoles,
  inferRole,
  isUnserved,
  vqaBatchConfig,
  vqaBatchFile,
  vqaBatchRole,
  vqaRole,
  vqaScoreRole,
} from "./clients.ts";
import { at, type Context } from "./context.ts";
import { rewardRole } from "./reward.ts";
import { samplerEndpoints, samplerRoles } from "./samplers.ts";
import { trainerRole } from "./trainer.ts";
import { trainerConfig } from "./trainer-config.ts";

/** The part of a plan that its roles decide. */
export type Roles = Pick<RunPlan, "roles" | "files" | "endpoints" | "ports" | "secrets">;

/** The roles of a run with all that they need: files, ports, endpoints and secrets. */
export function toRoles(context: Context): Roles {
  const { recipe } = context;
  const made = rolesOf(context);
  const model = tinyModel(context);
  return {
    roles: made.roles,
    files: { ...(model && { "artifacts/model.json": toText(model) }), ...made.files },
    endpoints: made.endpoints,
    ports: portsOf(made),
    secrets: recipe.stage === "grpo" ? [at.rewardToken] : [],
  };
}

type Made = Pick<RunPlan, "roles" | "files" | "endpoints">;

function rolesOf(context: Context): Made {
  const { recipe } = context;
  switch (recipe.stage) {
    case "sft":
      return trained(context as Context<RecipeOf<"sft">>, [], null);
    case "grpo":
      return grpoRoles(context as Context<RecipeOf<"grpo">>);
    case "infer":
      return served(context as Context<RecipeOf<"infer">>, inferRole(context as never));
    case "eval":
      return { roles: evalRoles(context as Context<RecipeOf<"eval">>), files: {}, endpoints: null };
    case "vqa": {
      const asked = context as Context<RecipeOf<"vqa">>;
      const score = vqaScoreRole(asked);
      if (!isUnserved(context)) return served(asked, vqaRole(asked), score);
      const files = { [vqaBatchFile]: toText(vqaBatchConfig(asked)) };
      return { roles: [vqaBatchRole(asked), score], files, endpoints: null };
    }
  }
}

function grpoRoles(context: Context<RecipeOf<"grpo">>): Made {
  const { recipe } = context;
  const samplers = samplerRoles(context);
  const endpoints: EndpointsTemplate = {
    reward: { url: { url: "reward", on: 0 } },
    samplers: samplerEndpoints(context, recipe.sampler.sync),
  };
  return trained(context, [rewardRole(context), ...samplers], endpoints);
}

function trained(
  context: Context<RecipeOf<"sft"> | RecipeOf<"grpo">>,
  services: readonly PlanRole[],
  endpoints: EndpointsTemplate | null,
): Made {
  const trainer = trainerRole(
    context,
    services.map(({ name }) => name),
  );
  const files = { [at.trainerConfig]: toText(trainerConfig(context)) };
  return { roles: [...services, trainer], files, endpoints };
}

function served(
  context: Context<RecipeOf<"infer"> | RecipeOf<"vqa">>,
  ...clients: readonly PlanRole[]
): Made {
  const endpoints = { reward: null, samplers: samplerEndpoints(context, null) };
  return { roles: [...samplerRoles(context), ...clients], files: {}, endpoints };
}

/** Every port that a word names, in the order of the roles. */
function portsOf({ roles, endpoints }: Made): readonly string[] {
  const words = [
    ...roles.flatMap(({ command }) => command),
    ...(endpoints?.samplers.map(({ group_port }) => group_port ?? "") ?? []),
  ];
  const names = words.flatMap((word) =>
    typeof word !== "string" && "port" in word ? word.port : [],
  );
  return [...new Set(names)];
}

/** What the worker's `tiny-model` reads, for a recipe that starts from one. */
function tinyModel({ recipe }: Context): Readonly<Record<string, unknown>> | undefined {
  if (recipe.stage === "eval" || !("tiny" in recipe.model)) return undefined;
  return {
    output_dir: at.model,
    corpus: [`${at.train}/sft.jsonl`],
    seed: recipe.seed,
    ...recipe.image,
    ...recipe.model.tiny,
    // vLLM's CPU build keeps the old output layer of a tied model when weights are reloaded.
    tie_word_embeddings: false,
  };
}

const toText = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
