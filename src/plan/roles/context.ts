import type { RunRecipe } from "../../recipe/load-run.ts";
import type { Recipe } from "../../recipe/recipe.ts";
import type { BaseModel } from "../base-model.ts";
import type { Batch } from "../batch.ts";
import type { Machine } from "../machine.ts";
import type { Placement } from "../place.ts";
import type { Topology } from "../run-plan.ts";

/** All that roles and their files are made from. */
export interface Context<One extends Recipe = Recipe> {
  readonly run: RunRecipe;
  readonly recipe: One;
  readonly base: BaseModel;
  readonly machine: Machine;
  readonly topology: Topology;
  readonly placement: Placement;
  readonly device: "cuda" | "cpu";
  readonly batch: Batch;
  readonly stepSeconds: number | null;
}

/** Where inputs stand in the run folder. */
export const at = {
  model: "inputs/model",
  train: "inputs/train",
  rows: "inputs/rows",
  questions: "inputs/questions",
  predictions: "inputs/predictions.jsonl",
  classes: "inputs/classes.json",
  user: "inputs/prompt-user.md",
  system: "inputs/prompt-system.txt",
  endpoints: "endpoints.json",
  rewardToken: "secrets/reward-token",
  trainerConfig: "artifacts/trainer.json",
} as const;

/** Last words reach the log when a process is killed, and libraries are quiet. */
const quiet = {
  PYTHONUNBUFFERED: "1",
  TOKENIZERS_PARALLELISM: "false",
  HF_HUB_DISABLE_PROGRESS_BARS: "1",
};

/** What keeps libraries from the internet, where there is none. */
const offline = {
  HF_HUB_OFFLINE: "1",
  TRANSFORMERS_OFFLINE: "1",
  HF_DATASETS_OFFLINE: "1",
  WANDB_MODE: "offline",
};

/** Variables of a role in Python: the machine's own words win over ours. */
export const pythonEnv = ({ machine }: Context, own: Readonly<Record<string, string>> = {}) => ({
  ...quiet,
  ...own,
  ...(machine.offline && offline),
  ...machine.environment,
});
