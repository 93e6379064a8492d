import { SggError } from "../errors.ts";
import type { StudyNode } from "../plan/study/graph.ts";
import { graphText } from "../plan/study/graph-text.ts";
import { neededFor } from "../plan/study/needed-for.ts";
import type { Io } from "./io.ts";
import { type LaunchOptions, launchRun } from "./launch-run.ts";
import { toPlanner } from "./plan-options.ts";
import { studyNodes } from "./plan-study.ts";

interface StudyOptions extends LaunchOptions {
  readonly dryRun: boolean;
  /** Names of recipes; all when absent. */
  readonly only?: readonly string[];
}

/**
 * Starts all that a study needs, one run after the other, those that are done left as they are.
 *
 * A run that fails costs those that start from it; the others go on, and the first failure is told
 * again at the end. On Slurm every run is submitted at once and waits for the one that it starts from.
 *
 * Errors: SggError USAGE for names that the study has not; that of the first run that failed;
 * INTERRUPTED at once
 */
export async function launchStudy(path: string, options: StudyOptions, io: Io): Promise<void> {
  if (options.set.length > 0) throw cannot(path, "--set", "its recipes as they stand");
  const { plan, profile } = await toPlanner(options);
  if (options.detach && profile === null)
    throw cannot(path, "--detach", "it to stay, for example under tmux or setsid");
  const all = await studyNodes(path, plan);
  const nodes = options.only === undefined ? all : neededFor(all, options.only);
  if (options.dryRun) return io.print(graphText(nodes));
  const failed = new Map<string, SggError>();
  for (const [at, node] of nodes.entries()) {
    const { id } = node.plan;
    const before = node.after === null ? undefined : failed.get(node.after);
    if (before !== undefined) {
      failed.set(node.hash, before);
      io.warn(`${id}: left out, for what it starts from failed\n`);
      continue;
    }
    io.warn(`${id}: ${at + 1} of ${nodes.length} runs\n`);
    try {
      await launchRun({ plan: node.plan, recipe: node.run.recipe, profile }, options, io);
      io.print(`${id}\n`);
    } catch (error) {
      if (!(error instanceof SggError) || error.code === "INTERRUPTED") throw error;
      failed.set(node.hash, error);
      io.warn(`${id}: ${error.message}\n`);
    }
  }
  endOf(path, nodes, failed);
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
