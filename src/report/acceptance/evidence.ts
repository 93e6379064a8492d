/** What a run of the kit left behind, read from its folder. */
export interface RunEvidence {
  readonly id: string;
  /** As its record has it; `missing` for one that was never begun. */
  readonly state: "running" | "done" | "failed" | "interrupted" | "lost" | "missing";
  /** Why it ended, where it did not end well. */
  readonly reason: string | null;
  /** The lines of progress/trainer.jsonl. */
  readonly progress: readonly ProgressLine[];
  /** train/integrity.json; null before GRPO has begun. */
  readonly integrity: IntegrityEvidence | null;
  readonly checkpoints: readonly CheckpointEvidence[];
  /** How many vLLM servers the plan has. */
  readonly servers: number;
  readonly dtype: string;
}

/** One line: a phase, or the numbers of a step. */
export type ProgressLine = Readonly<Record<string, unknown>>;

/** The worker's own record of samplers and weights. Unit: nats, seconds, bytes. */
export interface IntegrityEvidence {
  readonly logprob_max_abs_diff: number | null;
  readonly tolerance: number;
  readonly special_tokens_sampled: number;
  readonly steps: readonly {
    readonly step: number;
    readonly logprob_max_abs_diff: number | null;
    readonly tokens: number;
    readonly probed?: Readonly<Record<string, number | null>>;
  }[];
  readonly syncs: readonly {
    readonly version: number;
    readonly seconds: number;
    readonly bytes: number;
    readonly samplers: number;
  }[];
  readonly events: readonly string[];
}

/** A complete checkpoint, by its manifest. */
export interface CheckpointEvidence {
  readonly step: number;
  readonly files: number;
  readonly bytes: number;
}

/** The numbers of each step, in order. */
export const stepsOf = ({ progress }: RunEvidence): readonly ProgressLine[] =>
  progress.filter(({ step }) => typeof step === "number");

/** One number of every step that has it. */
export const numbersOf = (lines: readonly ProgressLine[], name: string): readonly number[] =>
  lines.flatMap((line) => {
    const value = line[name];
    return typeof value === "number" ? value : [];
  });
