import { loadRecord } from "../load-record.ts";
import { isAlive } from "../processes.ts";
import { thisMachine } from "../record.ts";
import { removeSecrets } from "./secrets.ts";
import { findContainers, type RunContainer, removeContainer } from "./sweep.ts";

/** A container that nobody will come back for, and why. */
export interface DeadContainer extends RunContainer {
  readonly why: string;
}

/**
 * Containers whose run is over: its record says so, its CLI is gone, it was started anew, or its
 * folder is not there any more.
 *
 * Errors: the engine's.
 */
export async function findDeadContainers(host: string | undefined): Promise<DeadContainer[]> {
  const all = await findContainers(host);
  const checked = await Promise.all(all.map(async (one) => ({ ...one, why: await whyDead(one) })));
  return checked.flatMap((one) => (one.why === undefined ? [] : [{ ...one, why: one.why }]));
}

async function whyDead({ folder, token }: RunContainer): Promise<string | undefined> {
  const record = await loadRecord(folder).catch(() => undefined);
  if (record === undefined) return "its run folder has no record";
  if (record.token !== token) return "its run was started again";
  if (record.state !== "running") return `its run is over (${record.state})`;
  if (record.machine !== thisMachine() || isAlive(record.cli)) return undefined;
  // A reaper that lives is about to remove it.
  return record.reaper && isAlive(record.reaper) ? undefined : "its CLI is gone";
}

/** Removes dead containers, and the secret files of their runs. Errors: the engine's. */
export async function removeDeadContainers(
  host: string | undefined,
  dead: readonly DeadContainer[],
): Promise<void> {
  await Promise.all(dead.map(({ id }) => removeContainer(host, id)));
  for (const folder of new Set(dead.map((one) => one.folder))) {
    const record = await loadRecord(folder).catch(() => undefined);
    if (record && dead.some(({ token }) => token === record.token))
      await removeSecrets(record.secrets);
  }
}
