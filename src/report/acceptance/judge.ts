import type { Check } from "./check.ts";
import type { RunEvidence } from "./evidence.ts";
import {
  checkCheckpoint,
  checkColocated,
  checkGrpo,
  checkResume,
  checkSft,
} from "./training-checks.ts";
import { checkLogprobs, checkTransfer } from "./weight-checks.ts";

/** What the runs of the kit left, and what each was to do. */
export interface Gathered {
  readonly steps: Readonly<Record<"start" | "disk" | "nccl" | "colocated", number>>;
  readonly cutAt: number;
  readonly start: RunEvidence;
  readonly disk: RunEvidence;
  /** Or why there is none. */
  readonly nccl: RunEvidence | string;
  /** Or why there is none. */
  readonly colocated: RunEvidence | string;
}

/** The checks of the acceptance kit, in the order of their table. */
export function judge({ steps, cutAt, start, disk, nccl, colocated }: Gathered): readonly Check[] {
  return [
    checkSft(start, steps.start),
    checkGrpo(disk, steps.disk, "disk"),
    checkTransfer(disk, steps.disk, "disk"),
    checkLogprobs(disk, steps.disk, "disk"),
    checkCheckpoint(disk, cutAt),
    checkResume(disk, cutAt),
    ...(typeof nccl === "string"
      ? [notRun("weights by NCCL", nccl)]
      : [
          checkGrpo(nccl, steps.nccl, "NCCL"),
          checkTransfer(nccl, steps.nccl, "NCCL"),
          checkLogprobs(nccl, steps.nccl, "NCCL"),
        ]),
    typeof colocated === "string"
      ? notRun("vLLM in the trainer", colocated)
      : checkColocated(colocated, steps.colocated),
  ];
}

const notRun = (name: string, why: string): Check => ({
  ...{ name, verdict: "not run", why, figures: {} },
});
