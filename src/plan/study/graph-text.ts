import type { StudyNode } from "./graph.ts";

/**
 * The graph of a study for people: each run below the one it waits for, and GPU hours summed.
 *
 * Unit: `columns` of the terminal; where costs in a column of their own would break lines they follow
 * the names
 */
export function graphText(nodes: readonly StudyNode[], columns = Number.POSITIVE_INFINITY): string {
  const lines = branches(nodes, [null], "");
  const longest = Math.max(0, ...lines.map(({ text }) => text.length));
  const fits = lines.every(({ node }) => longest + 2 + cost(node).length <= columns);
  const width = fits ? longest : 0;
  const rows = lines.map(({ text, node }) => `${text.padEnd(width)}  ${cost(node)}`.trimEnd());
  const known = nodes.flatMap(({ plan }) => plan.estimate.gpuHours ?? []);
  const sum = known.reduce((all, hours) => all + hours, 0);
  const onGpus = nodes.filter(({ plan }) => plan.topology.gpusPerNode > 0);
  const unknown = onGpus.filter(({ plan }) => plan.estimate.gpuHours === null).length;
  const hours =
    onGpus.length === 0
      ? "none of them with a GPU"
      : `${sum.toFixed(0)} GPU hours in ${known.length} of them`;
  const untold = unknown > 0 ? `; ${unknown} with GPUs state no step time` : "";
  return [...rows, "", `${nodes.length} runs, ${hours}${untold}`, ""].join("\n");
}

interface Line {
  readonly text: string;
  readonly node: StudyNode;
}

/** Runs that wait for one of some runs; those of kept models on one line. */
function branches(
  nodes: readonly StudyNode[],
  after: readonly (string | null)[],
  indent: string,
): readonly Line[] {
  const own = nodes.filter((node) => after.includes(node.after));
  const groups = [
    ...Map.groupBy(own, ({ run }) => `${run.recipe.name} ${run.recipe.seed}`).values(),
  ];
  return groups.flatMap((group, i) => {
    const [node] = group as [StudyNode, ...StudyNode[]];
    const isLast = i === groups.length - 1;
    const isFirst = after.includes(null);
    const branch = isFirst ? "" : isLast ? "└─ " : "├─ ";
    const deeper = isFirst ? "" : isLast ? "   " : "│  ";
    const times = group.length > 1 ? ` × ${group.length} models` : "";
    return [
      { text: `${indent}${branch}${node.run.recipe.name}${times}`, node },
      ...branches(
        nodes,
        group.map(({ hash }) => hash),
        `${indent}${deeper}`,
      ),
    ];
  });
}

function cost({ plan }: StudyNode): string {
  const gpus = plan.topology.nodes * plan.topology.gpusPerNode;
  const { hours, gpuHours } = plan.estimate;
  if (gpus === 0) return "CPU";
  const time =
    hours === null || gpuHours === null
      ? ""
      : `, ${hours.toFixed(1)} h, ${gpuHours.toFixed(0)} GPU h`;
  return `${gpus} GPU${gpus > 1 ? "s" : ""}${time}`;
}
