import { seconds } from "../recipe/duration.ts";
import type { RunRecipe } from "../recipe/load-run.ts";
import { canGoOn } from "./estimate.ts";
import type { Machine } from "./machine.ts";
import { heldMemory } from "./memory.ts";
import type { Estimate, Limits, TrainerMemory } from "./run-plan.ts";

/** What the warnings are made from. */
export interface Settled {
  readonly machine: Machine;
  readonly limits: Limits;
  readonly steps: number | null;
  readonly estimate: Estimate;
  readonly memory: TrainerMemory | null;
  readonly knownSize: boolean;
  /** GPUs in all; without any nobody pays for hours. */
  readonly gpus: number;
  /** GPUs that no role has. */
  readonly idleGpus: number;
}

/** What is odd but allowed, a sentence each. */
export const toWarnings = (run: RunRecipe, settled: Settled): readonly string[] => [
  ...unpinned(run),
  ...unknown(run, settled),
  ...time(run, settled),
  ...memory(settled),
  ...idle(settled),
];

function unpinned({ recipe }: RunRecipe): readonly string[] {
  const sources = {
    ...(recipe.stage !== "eval" && { model: recipe.model }),
    "data.train": recipe.data.train,
    "data.eval": recipe.data.eval,
  };
  return Object.entries(sources).flatMap(([name, source]) =>
    source !== undefined && "id" in source && source.revision === undefined
      ? [`${name}: ${source.id} without a revision, so that another day may bring another one`]
      : [],
  );
}

function unknown(
  { recipe }: RunRecipe,
  { steps, estimate, knownSize, gpus }: Settled,
): readonly string[] {
  if (recipe.stage === "eval") return [];
  return [
    ...(knownSize ? [] : ["model: its size is not known, so memory and heads are not checked"]),
    ...(steps === null ? ["data: the recipe states no rows, so steps and time are not known"] : []),
    ...(estimate.stepSeconds === null && recipe.stage !== "vqa" && gpus > 0
      ? ["resources.step_time: none is stated, so hours are not known"]
      : []),
  ];
}

function time({ recipe }: RunRecipe, { machine, limits, estimate }: Settled): readonly string[] {
  const { time_limit, requeues } = recipe.resources;
  const own = time_limit === undefined ? null : seconds(time_limit);
  const said: string[] = [];
  if (own !== null && machine.limitSeconds !== null && own > machine.limitSeconds)
    said.push(
      `resources.time_limit: ${time_limit} is cut to the ${machine.limitSeconds} s of ${machine.name}`,
    );
  if (requeues !== undefined && requeues > machine.requeues && machine.limitSeconds !== null)
    said.push(
      `resources.requeues: ${requeues} is cut to the ${machine.requeues} of ${machine.name}`,
    );
  if (!canGoOn(recipe) && machine.requeues > 0)
    said.push(
      `${recipe.stage}.checkpoints: nothing is saved to go on from, so the run has one attempt`,
    );
  if (limits.seconds === null || estimate.hours === null) return said;
  const attempts = Math.ceil((estimate.hours * 3600) / limits.seconds);
  if (attempts > 1 + limits.requeues)
    said.push(
      `resources.time_limit: about ${attempts} attempts of ${limits.seconds} s are needed, ${1 + limits.requeues} allowed`,
    );
  return said;
}

function memory({ memory: held }: Settled): readonly string[] {
  if (held === null || held.available === null) return [];
  const used = heldMemory(held) + held.sampler;
  if (used <= 0.8 * held.available) return [];
  return [
    `memory: ${used.toFixed(1)} of ${held.available} GiB are taken before the first activation, which may not fit beside it`,
  ];
}

const idle = ({ idleGpus }: Settled): readonly string[] =>
  idleGpus > 0 ? [`resources.gpus: ${idleGpus} GPUs have nothing to do`] : [];
