import { join } from "node:path";
import { SggError } from "../errors.ts";
import type { StudyNode } from "../plan/study/graph.ts";
import { graphText } from "../plan/study/graph-text.ts";
import { neededFor } from "../plan/study/needed-for.ts";
import type { Io } from "./io.ts";
import { type LaunchOptions, launchRuns } from "./launch-run.ts";
import { toPlanner } from "./plan-options.ts";
import { studyNodes } from "./plan-study.ts";
import { notYetOnSlurm } from "./study-on-slurm.ts";

interface StudyOptions extends LaunchOptions {
  readonly dryRun: boolean;
  /** Names of recipes; all when absent. */
  readonly only?: readonly string[];
}

/**
 * Starts all that a study needs, one run after the other, those that are done left as they are.
 *
 * A run that fails costs those that start from it; the others go on, and the first failure is told
 * again at the end. On Slurm every run is submitted at once and waits for the one that it starts from;
 * the models that a training keeps are asked, and judged, in job arrays.
 *
 * Errors: SggError USAGE for names that the study has not; that of the first run that failed;
 * INTERRUPTED at once
 */
export async function launchStudy(path: string, options: StudyOptions, io: Io): Promise<void> {
  const { plan, profile } = await toPlanner(options);
  if (options.set.length > 0) throw cannot(path, "--set", "its recipes as they stand");
  if (options.checkpoints) throw cannot(path, "--checkpoints", "those that it asks for itself");
  if (options.detach && profile === null)
    throw cannot(path, "--detach", "it to stay, for example under tmux or setsid");
  const all = await studyNodes(path, plan);
  const nodes = options.only === undefined ? all : neededFor(all, options.only);
  if (options.dryRun) return io.print(graphText(nodes, process.stdout.columns));
  const done = profile === null ? await doneBefore(nodes, options.runs) : new Set<StudyNode>();
  const failed = new Map<string, SggError>();
  const groups = profile === null ? nodes.map((node) => [node]) : likeOnes(nodes);
  let at = 0;
  for (const group of groups) {
    const ready = group.filter((node) => !isLeftOut(node, failed, io));
    for (const { plan: one } of group) io.warn(`${one.id}: ${++at} of ${nodes.length} runs\n`);
    try {
      const fresh = profile === null ? ready : await notYetOnSlurm(ready, profile, io);
      const planned = fresh.map(({ plan, run: { recipe } }) => ({ plan, recipe, profile }));
      if (planned.length > 0) await launchRuns(planned, options, io);
      io.print(ready.map(({ plan: { id } }) => `${id}\n`).join(""));
    } catch (error) {
      if (!(error instanceof SggError) || error.code === "INTERRUPTED") throw error;
      for (const { hash } of ready) failed.set(hash, error);
      io.warn(`${ready.map(({ plan: { id } }) => id).join(", ")}: ${error.message}\n`);
    }
  }
  endOf(path, nodes, failed);
  if (profile === null)
    io.warn(`${nodes.length} runs: ${done.size} done before, ${nodes.length - done.size} now\n`);
}

/** The runs of this machine that are left as they are. */
async function doneBefore(
  nodes: readonly StudyNode[],
  runs: string,
): Promise<ReadonlySet<StudyNode>> {
  const { loadRecord } = await import("../launch/load-record.ts");
  const states = await Promise.all(
    nodes.map(async (node) => ({ node, record: await loadRecord(join(runs, node.plan.id)) })),
  );
  return new Set(states.flatMap(({ node, record }) => (record?.state === "done" ? node : [])));
}

/** Runs of one recipe and seed, for the models of different steps: together, where the first one stands. */
const likeOnes = (nodes: readonly StudyNode[]): readonly (readonly StudyNode[])[] => [
  ...Map.groupBy(nodes, ({ run }) => `${run.recipe.name} ${run.recipe.seed}`).values(),
];

function isLeftOut({ plan, hash, after }: StudyNode, failed: Map<string, SggError>, { warn }: Io) {
  const before = after === null ? undefined : failed.get(after);
  if (before === undefined) return false;
  failed.set(hash, before);
  warn(`${plan.id}: left out, for what it starts from failed\n`);
  return true;
}

function endOf(
  path: string,
  nodes: readonly StudyNode[],
  failed: ReadonlyMap<string, SggError>,
): void {
  const [first] = failed;
  if (first === undefined) return;
  const [hash, error] = first;
  const { id } = nodes.find((node) => node.hash === hash)!.plan;
  throw new SggError(
    error.code,
    `Cannot finish "${path}": ${failed.size} of ${nodes.length} runs failed or were left out, the first "${id}", expected none; the same command goes on`,
    { cause: error },
  );
}

const cannot = (path: string, found: string, expected: string): SggError =>
  new SggError("USAGE", `Cannot launch the study "${path}" with ${found}, expected ${expected}`);
