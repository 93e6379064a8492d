import type { RecipeOf } from "../../recipe/recipe.ts";
import { trainerCount } from "../place.ts";
import { trainerShare } from "../role-share.ts";
import type { PlanRole, Word } from "../run-plan.ts";
import { at, type Context, pythonEnv } from "./context.ts";

/** The least time that a run may stand still: longer than loading, compiling or a checkpoint takes. */
const leastStallSeconds = 1800;

/**
 * The worker's threads sleep where they wait, for what else may run. A trainer has the CPU to itself while it trains, and
 * threads that first try a thousand times make a step of SFT a quarter shorter on two cores (0.51 instead of 0.67 s);
 * with another process at work it is a quarter longer, with 20,000 tries four times.
 */
const spinning = { GOMP_SPINCOUNT: "1000" };

/** The trainers: one process a GPU, started by torchrun on every node; a single one by itself. */
export function trainerRole(
  context: Context<RecipeOf<"sft"> | RecipeOf<"grpo">>,
  after: readonly string[],
): PlanRole {
  const { recipe, placement, machine, stepSeconds } = context;
  const [first] = placement.trainers;
  if (first === undefined) throw new TypeError("a training run has a place for its trainers");
  const share = trainerShare(recipe.stage, placement, machine);
  const processes = Math.max(1, first.gpus.length);
  const worker = ["-m", "r1sgg_worker", recipe.stage, at.trainerConfig];
  const stall = Math.ceil(20 * (stepSeconds ?? 0));
  return {
    name: "trainer",
    kind: "task",
    image: "worker",
    nodes: placement.trainers.map(({ node }) => node),
    gpus: first.gpus,
    ...share,
    command: ["python", ...(trainerCount(placement) > 1 ? torchrun(context) : []), ...worker],
    env: pythonEnv(context, {
      OMP_NUM_THREADS: String(Math.max(1, Math.floor(share.cpus / processes))),
      ...(context.device === "cpu" && spinning),
    }),
    ...(recipe.stage === "grpo" && { secretEnv: { R1SGG_REWARD_TOKEN: at.rewardToken } }),
    after,
    heartbeat: {
      path: "progress/trainer.jsonl",
      stallSeconds: Math.max(leastStallSeconds, stall),
    },
  };
}

/** Every node knows its rank and where the first one is: no look-up service, so none can fail. */
const torchrun = ({ placement }: Context): readonly Word[] => [
  ...["-m", "r1sgg_worker.torchrun", "--nnodes", String(placement.trainers.length)],
  ...["--nproc-per-node", String(placement.trainers[0]?.gpus.length ?? 1)],
  ...["--node-rank", { node: true as const }],
  ...["--master-addr", { host: 0 }, "--master-port", { port: "trainer" }],
  ...["--max-restarts", "0", "--tee", "3", "--log-dir", "logs/ranks"],
];
