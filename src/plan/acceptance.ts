/** A run of the acceptance kit, by the name of its recipe in recipes/accept. */
export type AcceptRun = "start" | "disk" | "nccl" | "colocated";

/** What the kit does on one machine. */
export interface AcceptPlan {
  readonly gpus: number;
  /** A model of the Hub instead of the tiny one; null for that. */
  readonly model: string | null;
  readonly runs: readonly AcceptStep[];
  /** Why weights by NCCL are not tried; null where they are. */
  readonly withoutNccl: string | null;
  /** Why no vLLM samples in the trainer's process; null where one does. */
  readonly withoutColocated: string | null;
  /** What the record says of itself where no GPU is used; null where one is. */
  readonly rehearsal: string | null;
}

/** One run, in the order in which they come. */
export interface AcceptStep {
  readonly name: AcceptRun;
  /** As `--set` takes them. */
  readonly set: readonly string[];
  /** It is interrupted when it has a checkpoint of this step, and resumed. */
  readonly cutAt: number | null;
}

/** Steps of a run, as its recipe in recipes/accept has them. */
export const acceptSteps = { start: 60, disk: 20, nccl: 6, colocated: 6 } as const satisfies Record<
  AcceptRun,
  number
>;

/** The first checkpoint of `disk`. */
export const cutAt = 10;

/** What a rehearsal is called wherever its outcome is shown. */
export const rehearsalNote = "CPU rehearsal: proves nothing about GPUs";

/** A real model takes smaller steps than the tiny one; larger ones than the paper's, so that weights move. */
const rates = { start: ["sft.learning_rate=2e-5"], grpo: ["grpo.learning_rate=3e-5"] } as const;

/**
 * The acceptance kit for so many GPUs of one machine, or for none: then it is a rehearsal on the CPU.
 *
 * SFT makes a model whose samples differ in reward; GRPO with weights by disk is interrupted at its
 * checkpoint and resumed; where trainers and samplers have GPUs of their own, GRPO with weights by NCCL;
 * on GPUs, GRPO with vLLM in the trainers, all of which then train.
 *
 * Errors: none; whether the runs fit the machine is the planner's to say.
 */
export function planAcceptance(gpus: number, model: string | null): AcceptPlan {
  const noGpu = gpus === 0 ? "no GPU" : null;
  const withoutNccl =
    noGpu ?? (gpus === 1 ? "NCCL takes no two ranks on one GPU: needs two" : null);
  const start = model === null ? [] : ["model.tiny=null", `model.id=${model}`, ...rates.start];
  const grpo = model === null ? [] : rates.grpo;
  return {
    gpus,
    model,
    runs: [
      { name: "start", set: start, cutAt: null },
      { name: "disk", set: grpo, cutAt },
      ...(withoutNccl === null ? [{ name: "nccl", set: grpo, cutAt: null } as const] : []),
      ...(noGpu === null ? [{ name: "colocated", set: grpo, cutAt: null } as const] : []),
    ],
    withoutNccl,
    withoutColocated: noGpu,
    rehearsal: gpus === 0 ? rehearsalNote : null,
  };
}

/**
 * GPUs that the kit takes of so many: four, two or one, since its batches divide by no three, and more than the
 * paper's node has would only take longer.
 */
export const acceptGpus = (there: number): number => (there >= 4 ? 4 : Math.min(2, there));
