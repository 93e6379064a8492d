import { createInterface } from "node:readline";
import { execa } from "execa";
import type { Target } from "../../src/core/graph/scene-graph.ts";
import type { ProfileName } from "../../src/core/rewards/profiles.ts";
import { shipped } from "../../src/root.ts";
import { ensureOracle } from "./oracle.ts";
import { toAscii } from "./python.ts";

/** One completion for test/oracle/rewards.py. */
export interface OracleRequest {
  readonly completion: string;
  readonly target: Pick<Target, "width" | "height" | "objects" | "relationships">;
  readonly task: string;
  readonly box_scale: readonly [number, number];
  readonly profiles: readonly ProfileName[];
  /** Whether matched pairs are wanted too. */
  readonly pairs?: boolean;
  readonly settings?: {
    readonly weights?: readonly [format: number, node: number, edge: number];
    readonly lambdas?: readonly [name: number, overlap: number, distance: number];
    readonly strict?: boolean;
  };
}

/** What Python answers under one profile. */
export interface OracleAnswer {
  readonly rewards: Readonly<Record<string, number>>;
  /** Indices of matched objects in the order of predictions; null where matching raised. */
  readonly pairs?: readonly (readonly [truth: number, prediction: number])[] | null;
}

export type OracleAnswers = Readonly<Partial<Record<ProfileName, OracleAnswer>>>;

/** A text as spaCy has it: its tokens, its vector and that one's norm. */
export type OracleDocument = readonly [
  tokens: readonly string[],
  vector: readonly number[],
  norm: number,
];

/** A running test/oracle/rewards.py, which keeps documents and matches; one question at a time. */
export interface RewardOracle extends AsyncDisposable {
  readonly score: (requests: readonly OracleRequest[]) => Promise<readonly OracleAnswers[]>;
  readonly documents: (texts: readonly string[]) => Promise<readonly OracleDocument[]>;
}

/** Starts the oracle; it ends when it is disposed of. */
export async function startRewardOracle(): Promise<RewardOracle> {
  const python = execa(await ensureOracle(), [shipped("test/oracle/rewards.py")], {
    env: { PYTHONHOME: "", OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1" },
    stdout: "pipe",
    buffer: { stdout: false },
  });
  const lines = createInterface({ input: python.stdout })[Symbol.asyncIterator]();
  const ask = async (question: unknown): Promise<unknown> => {
    python.stdin.write(`${toAscii(question)}\n`);
    const { value, done } = await lines.next();
    return done ? await python : JSON.parse(value); // the process ended: its own words
  };
  return {
    score: async (requests) =>
      requests.length === 0 ? [] : ((await ask(requests)) as readonly OracleAnswers[]),
    documents: async (texts) =>
      texts.length === 0 ? [] : ((await ask(texts)) as readonly OracleDocument[]),
    [Symbol.asyncDispose]: async () => {
      python.stdin.end();
      await python;
    },
  };
}
