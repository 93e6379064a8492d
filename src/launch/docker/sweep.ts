import { labels } from "../../plan/docker/container-options.ts";
import { open } from "./engine.ts";

/** A container of a run, alive or not. */
export interface RunContainer {
  readonly id: string;
  readonly name: string;
  readonly run: string;
  readonly role: string;
  readonly token: string;
  readonly folder: string;
  /** In the engine's words: `running`, `exited`, `created`. */
  readonly state: string;
  /** In the engine's words, for people: `Up 3 minutes`. */
  readonly status: string;
}

/** All containers of runs on an engine; with a token those of one start. Errors: the engine's. */
export async function findContainers(
  host: string | undefined,
  token?: string,
): Promise<readonly RunContainer[]> {
  const label = token === undefined ? labels.run : `${labels.token}=${token}`;
  const found = await open(host).listContainers({ all: true, filters: { label: [label] } });
  return found.map((one) => ({
    id: one.Id,
    name: one.Names[0]?.replace(/^\//, "") ?? one.Id,
    run: one.Labels[labels.run] ?? "",
    role: one.Labels[labels.role] ?? "",
    token: one.Labels[labels.token] ?? "",
    folder: one.Labels[labels.folder] ?? "",
    state: one.State,
    status: one.Status,
  }));
}

/** Removes all containers of one start of a run, at once, and says how many. Errors: the engine's. */
export async function sweepContainers(host: string | undefined, token: string): Promise<number> {
  const found = await findContainers(host, token);
  await Promise.all(found.map(({ id }) => removeContainer(host, id)));
  return found.length;
}

/** Removes a container with SIGKILL; one that is gone, or just going, counts as removed. */
export async function removeContainer(host: string | undefined, id: string): Promise<void> {
  await open(host)
    .getContainer(id)
    .remove({ force: true, v: true })
    .catch((cause: { readonly statusCode?: number }) => {
      if (cause.statusCode !== 404 && cause.statusCode !== 409) throw cause;
    });
}
