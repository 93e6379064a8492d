import { readdir } from "node:fs/promises";
import { join } from "node:path";

/** A log of one role on one node. */
export interface RoleLog {
  /** `trainer`, or `trainer.node2` on its other nodes. */
  readonly name: string;
  readonly role: string;
  readonly path: string;
}

/** Logs of a run's last attempt on a cluster, by name; none before it has started. */
export async function attemptLogs(runDir: string): Promise<readonly RoleLog[]> {
  const attempts = await readdir(join(runDir, "attempts")).catch(() => []);
  const last = attempts
    .filter((name) => /^\d+$/.test(name))
    .toSorted((a, b) => Number(a) - Number(b));
  const folder = join(runDir, "attempts", last.at(-1) ?? "0", "logs");
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(".log"));
  return names.toSorted().map((file) => {
    const name = file.replace(/\.log$/, "");
    return { name, role: name.replace(/\.node\d+$/, ""), path: join(folder, file) };
  });
}
