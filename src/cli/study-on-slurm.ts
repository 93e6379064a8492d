import { loadRecord } from "../launch/load-record.ts";
import { goOnSlurm } from "../launch/slurm/go-on.ts";
import { runDirOf } from "../plan/slurm/role-files.ts";
import type { StudyNode } from "../plan/study/graph.ts";
import type { ClusterProfile } from "../recipe/cluster-profile.ts";
import type { Io } from "./io.ts";

/**
 * Those of a study's runs that Slurm has never had. Of the others those that ended before they were
 * done go on in a new job, and those that are done or under way stay as they are.
 *
 * Errors: SggError LAUNCH when Slurm refuses one
 */
export async function notYetOnSlurm(
  nodes: readonly StudyNode[],
  profile: ClusterProfile,
  { warn }: Io,
): Promise<readonly StudyNode[]> {
  const fresh: StudyNode[] = [];
  for (const node of nodes) {
    const runDir = runDirOf(node.plan, profile);
    const record = await loadRecord(runDir);
    if (record?.slurm === undefined) {
      fresh.push(node);
      continue;
    }
    const now = await goOnSlurm({ runDir, record }, (words) => warn(`${words}\n`));
    const how = now.state === "submitted" ? `goes on in job ${now.job}` : `is ${now.state}`;
    warn(`${node.plan.id}: ${how}\n`);
  }
  return fresh;
}
