import { type Command, InvalidArgumentError, Option } from "commander";
import type { Limits } from "../core/limits.ts";
import {
  defaultParameters,
  type ProfileName,
  type ProfileParameters,
  profileNames,
} from "../core/rewards/profiles.ts";
import {
  defaultScoring,
  type ScoringSettings,
  type SolverName,
  solverNames,
} from "../reward/settings.ts";
import { finiteNumber, wholeNumber } from "./numbers.ts";

/** How `reward serve`, `reward score` and `reward explain` are told to score. */
export interface ScoringFlags {
  readonly profile: ProfileName;
  readonly solver: SolverName;
  readonly similarity: string;
  readonly formatWeight: number;
  readonly nodeWeight: number;
  readonly edgeWeight: number;
  readonly nodeWeights: ProfileParameters["nodeWeights"];
  readonly lenientFormat?: true;
  readonly maxCharacters: number;
  readonly maxObjects: number;
  readonly maxRelationships: number;
}

/** What of the settings the flags say. */
export type Scoring = Pick<
  ScoringSettings,
  "profile" | "parameters" | "solver" | "similarity" | "limits"
>;

/** Adds whose rewards are given, and how they are weighed. */
export const withScoring = (command: Command): Command =>
  command
    .addOption(
      new Option("--profile <name>", "whose rewards")
        .choices(profileNames)
        .default(defaultScoring.profile),
    )
    .addOption(
      new Option("--solver <name>", "who matches objects; exact has SciPy's order of ties")
        .choices(solverNames)
        .default(defaultScoring.solver),
    )
    .option(
      "--similarity <choice>",
      "whose word similarity: native (spaCy's), exact (equal names), or the address of a server",
      defaultScoring.similarity,
    )
    .option("--format-weight <w>", "of format_reward", finiteNumber, defaultParameters.formatWeight)
    .option(
      "--node-weight <w>",
      "of node_acc_reward and node_box_reward",
      finiteNumber,
      defaultParameters.nodeWeight,
    )
    .option("--edge-weight <w>", "of the edge rewards", finiteNumber, defaultParameters.edgeWeight)
    .option(
      "--node-weights <λ1,λ2,λ3>",
      "of similarity, IoU and L1 in node_reward (profile paper)",
      threeNumbers,
      defaultParameters.nodeWeights,
    )
    .option("--lenient-format", "give half of the format reward to a valid answer without tags");

/** Adds what bounds one completion. */
export const withLimits = (command: Command): Command =>
  command
    .optionsGroup("Limits of one completion; over them it scores 0 and costs only itself:")
    .option(
      "--max-characters <count>",
      "its length",
      wholeNumber(1),
      defaultScoring.limits.characters,
    )
    .option("--max-objects <count>", "its objects", wholeNumber(1), defaultScoring.limits.objects)
    .option(
      "--max-relationships <count>",
      "its relationships",
      wholeNumber(1),
      defaultScoring.limits.relationships,
    );

/** How long one completion may take; to be added behind the other limits. */
export const completionMs = (): Option =>
  new Option("--completion-ms <ms>", "time to score it")
    .argParser(wholeNumber(1))
    .default(defaultScoring.completionMs);

/** The settings that the flags say. */
export const scoringOf = (flags: ScoringFlags): Scoring => ({
  profile: flags.profile,
  parameters: {
    formatWeight: flags.formatWeight,
    nodeWeight: flags.nodeWeight,
    edgeWeight: flags.edgeWeight,
    strictFormat: flags.lenientFormat !== true,
    nodeWeights: flags.nodeWeights,
  },
  solver: flags.solver,
  similarity: flags.similarity,
  limits: limitsOf(flags),
});

const limitsOf = (flags: ScoringFlags): Limits => ({
  characters: flags.maxCharacters,
  objects: flags.maxObjects,
  relationships: flags.maxRelationships,
});

function threeNumbers(value: string): ProfileParameters["nodeWeights"] {
  const [a, b, c, ...more] = value.split(",").map(finiteNumber);
  if (a !== undefined && b !== undefined && c !== undefined && more.length === 0) return [a, b, c];
  throw new InvalidArgumentError("Expected three numbers with commas between.");
}

/** Reads `1000,1000` as what the coordinates of an answer go up to. */
export function boxScale(value: string): readonly [number, number] {
  const [w, h, ...more] = value.split(",").map(finiteNumber);
  if (w && h && more.length === 0) return [w, h];
  throw new InvalidArgumentError("Expected width,height, for example 1000,1000.");
}

/** Reads names with commas between; one that is there twice counts once. */
export const nameList = (value: string): readonly string[] => [
  ...new Set(value.split(",").filter(Boolean)),
];
