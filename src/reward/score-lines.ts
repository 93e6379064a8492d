import type { Target } from "../core/graph/scene-graph.ts";
import type { Task } from "../core/rewards/reward.ts";
import type { Fault } from "../data/fault.ts";
import type { Line } from "../data/lines.ts";
import { similarityProvider } from "../similarity/providers.ts";
import type { Item } from "./request.ts";
import { createScoreItems } from "./score-items.ts";
import { readScoreLine, type ScoreLine } from "./score-line.ts";
import { toScored, totals } from "./scored.ts";
import type { ScoringSettings } from "./settings.ts";
import { type Summary, summarize } from "./summary.ts";

/** How the lines of a file are scored: plain data, so that it travels to worker threads. */
export interface LineSettings {
  readonly scoring: ScoringSettings;
  /** The names of the rewards to give. */
  readonly rewards: readonly string[];
  /** For lines that say nothing else. */
  readonly task: Task;
  readonly boxScale: Item["boxScale"];
  /** Whether there is a dataset that image_ids are looked up in. */
  readonly hasDataset: boolean;
}

/** A line with the target of its image in the dataset, if there is one. */
export interface LookedUp extends Line {
  readonly target?: Target | undefined;
}

/** Some lines of a file; without `score` they are only checked. */
export interface Batch {
  readonly lines: readonly LookedUp[];
  readonly score: boolean;
}

/** What becomes of a batch: its output, or its faults and none. */
export interface ScoredBatch {
  readonly output: string;
  readonly faults: readonly Fault[];
  readonly summary: Summary;
}

/** Scores a batch of lines; their order is kept. */
export type ScoreLines = (batch: Batch) => Promise<ScoredBatch>;

/**
 * Loads and warms what scoring needs.
 *
 * Errors: SggError, here and of every batch, when the word similarity cannot be had
 */
export async function createScoreLines(settings: LineSettings): Promise<ScoreLines> {
  const { scoring, rewards, task, boxScale, hasDataset } = settings;
  const scoreItems = createScoreItems(scoring, await similarityProvider(scoring.similarity));
  const read = ({ number, text, target }: LookedUp) =>
    readScoreLine(number, text, { task, boxScale, ...(hasDataset && { targetOf: () => target }) });
  return async (batch) => {
    const lines = batch.lines.map(read);
    const faults = lines.flatMap((line) => ("faults" in line ? line.faults : []));
    const sound = lines.flatMap((one) => ("line" in one ? [one.line] : []));
    const items = batch.score && faults.length === 0 ? sound.map(({ item }) => item) : [];
    const scores = await scoreItems(items, rewards);
    const scored = toScored(scoring.profile, { items, rewards }, scores);
    const total = totals(scored);
    const output = scores.map((score, i) => outputLine(sound[i]!, { ...score, total: total[i]! }));
    return { output: output.join(""), faults, summary: summarize(scored) };
  };
}

const outputLine = (
  { ids }: ScoreLine,
  { rewards, total, outcome }: Record<"rewards" | "total" | "outcome", unknown>,
): string => `${JSON.stringify({ ...ids, rewards, total, outcome })}\n`;
