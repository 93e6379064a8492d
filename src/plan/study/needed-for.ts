import { SggError } from "../../errors.ts";
import type { StudyNode } from "./graph.ts";

/**
 * The runs of some recipes, with all that they start from, in the order of the study.
 *
 * Errors: SggError USAGE for a name that no recipe of the study has
 */
export function neededFor(
  nodes: readonly StudyNode[],
  names: readonly string[],
): readonly StudyNode[] {
  const known = new Set(nodes.map(({ run }) => run.recipe.name));
  const unknown = names.find((name) => !known.has(name));
  if (unknown !== undefined)
    throw new SggError(
      "USAGE",
      `Cannot launch only "${unknown}": no such recipe in the study, expected one of ${[...known].join(", ")}`,
    );
  const byHash = new Map(nodes.map((node) => [node.hash, node]));
  const needed = new Set<string>();
  const need = (node: StudyNode): void => {
    needed.add(node.hash);
    if (node.after !== null) need(byHash.get(node.after)!);
  };
  for (const node of nodes) if (names.includes(node.run.recipe.name)) need(node);
  return nodes.filter(({ hash }) => needed.has(hash));
}
