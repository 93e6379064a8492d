import type { Target } from "../../src/core/graph/scene-graph.ts";
import { askOracle } from "./oracle.ts";

/** The profiles that the oracle knows, as the command line names them. */
export type OracleProfile = "release" | "release-head" | "v1" | "paper" | "robust";

/** One completion for test/oracle/rewards.py. */
export interface OracleRequest {
  readonly completion: string;
  readonly target: Pick<Target, "width" | "height" | "objects" | "relationships">;
  readonly task: string;
  readonly box_scale: readonly [number, number];
  readonly profiles: readonly OracleProfile[];
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
  readonly pairs: readonly (readonly [truth: number, prediction: number])[] | null;
}

export type OracleAnswers = Readonly<Partial<Record<OracleProfile, OracleAnswer>>>;

/** Scores completions in Python, in one process that keeps documents and matches. */
export const askRewards = (requests: readonly OracleRequest[]): Promise<readonly OracleAnswers[]> =>
  askOracle("import rewards; rewards.main()", requests) as Promise<readonly OracleAnswers[]>;
