import type { ClusterProfile } from "../../recipe/cluster-profile.ts";
import { ask } from "./ask-slurm.ts";
import { type Finding, fault, ok } from "./finding.ts";

/** What `sinfo` says of nodes that are alike. */
interface NodeGroup {
  readonly count: number;
  readonly gres: string;
  readonly cpus: number;
  readonly memoryMib: number;
}

/** Nodes of the partition beside what the profile says of a node. */
export async function lookAtNodes({ node, slurm }: ClusterProfile): Promise<readonly Finding[]> {
  const where = slurm.partition === null ? [] : [`--partition=${slurm.partition}`];
  const text = await ask("sinfo", "--noheader", ...where, "--format=%D|%G|%c|%m");
  const groups = parseNodes(text ?? "");
  if (groups.length === 0) return [];
  const most = (amount: (group: NodeGroup) => number) => Math.max(...groups.map(amount));
  const gpus = most(({ gres }) => gpusIn(gres, node.gpu));
  const memory = Math.floor(most(({ memoryMib }) => memoryMib) / 1024);
  const cpus = most((group) => group.cpus);
  return [
    atMost(
      "GPUs a node",
      node.gpus,
      gpus,
      `node.gpus and node.gpu to what sinfo says: ${groups.map(({ gres }) => gres).join(" ")}`,
    ),
    atMost("CPUs a node", node.cpus, cpus, `node.cpus to ${cpus} or less`),
    atMost("memory a node", node.memory_gib, memory, `node.memory_gib to ${memory} or less`),
  ];
}

const atMost = (name: string, wanted: number, there: number, mend: string): Finding =>
  wanted <= there
    ? ok(name, `${wanted} of ${there}`)
    : fault(name, `the profile has ${wanted}, the cluster's nodes ${there}`, `set ${mend}`);

/** Lines of `sinfo --format=%D|%G|%c|%m`; a plus behind a number means "or more". */
export const parseNodes = (text: string): readonly NodeGroup[] =>
  text.split("\n").flatMap((line) => {
    const [count, gres, cpus, memory] = line.trim().split("|");
    if (gres === undefined || cpus === undefined || memory === undefined) return [];
    const group = { count: Number.parseInt(count ?? "", 10), gres };
    return [{ ...group, cpus: Number.parseInt(cpus, 10), memoryMib: Number.parseInt(memory, 10) }];
  });

/**
 * GPUs of a type in a gres text, of any type for null.
 *
 * @example
 * gpusIn("gpu:a100:4(S:0-1),nvme:1", "a100"); // 4
 */
export function gpusIn(gres: string, type: string | null): number {
  const counts = [...gres.matchAll(/gpu(?::([^:,()]+))?:(\d+)/g)]
    .filter(([, name]) => type === null || name === type)
    .map(([, , count]) => Number(count));
  return counts.reduce((sum, count) => sum + count, 0);
}
