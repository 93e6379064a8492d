import { SggError } from "../errors.ts";
import type { RunRecord } from "./record.ts";

/** Where a run's containers are, as its record says; none for a run of processes only. */
export const engineOf = (record: RunRecord): string | undefined =>
  typeof record.engine === "string" ? record.engine : undefined;

/**
 * Removes containers that a start of a run left behind, and its secret files, and says how many
 * containers there were.
 *
 * Whoever ends processes of a run calls it after them: a container outlives the process that stands
 * for it when that is killed.
 *
 * @throws {SggError} LAUNCH when the engine does not answer
 */
export async function removeContainers(record: RunRecord): Promise<number> {
  const engine = engineOf(record);
  if (engine === undefined) return 0;
  const { sweepContainers } = await import("./docker/sweep.ts");
  const { removeSecrets } = await import("./docker/secrets.ts");
  await removeSecrets(record.secrets);
  try {
    return await sweepContainers(engine, record.token);
  } catch (cause) {
    throw new SggError(
      "LAUNCH",
      `Cannot remove the containers of run "${record.runId}": the engine at "${engine}" does not answer (${(cause as Error).message}), expected it to run: they are removed once it does`,
      { cause },
    );
  }
}

/**
 * Containers of a run that are there now, in words; none for a run of processes only.
 *
 * An engine that does not answer is told as such, since then nobody knows.
 */
export async function describeContainers(record: RunRecord): Promise<readonly string[]> {
  const engine = engineOf(record);
  if (engine === undefined) return [];
  const { findContainers } = await import("./docker/sweep.ts");
  return findContainers(engine, record.token).then(
    (found) => found.map(({ name, status }) => `${name} (${status})`),
    (cause: Error) => [`unknown: the engine at "${engine}" does not answer (${cause.message})`],
  );
}
