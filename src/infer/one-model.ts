import { SggError } from "../errors.ts";
import type { ServedModel } from "./chat.ts";
import { type Server, servedModels } from "./servers.ts";

/** Servers of one model. */
export interface OneModel {
  readonly servers: readonly Server[];
  readonly model: ServedModel;
}

/**
 * Asks servers what they serve: the model of that name on each, or the one that all of them have.
 *
 * A server that does not answer comes along with the reason, as long as another does.
 *
 * Errors: SggError LAUNCH when none answers; USAGE when they serve different models.
 */
export async function findModel(urls: readonly string[], name?: string): Promise<OneModel> {
  const ends = await Promise.allSettled(urls.map((url) => servedModels(url)));
  const found = ends.map((end, at) =>
    end.status === "fulfilled"
      ? { url: urls[at]!, model: pick(urls[at]!, end.value, name) }
      : { url: urls[at]!, found: reasonOf(end.reason) },
  );
  const first = found.find(({ model }) => model !== undefined);
  if (!first?.model) throw (ends[0] as PromiseRejectedResult).reason;
  const { model } = first;
  const other = found.find((one) => one.model && one.model.id !== model.id);
  if (other?.model) {
    const both = `"${model.id}" on ${first.url} and "${other.model.id}" on ${other.url}`;
    throw new SggError("USAGE", `Cannot use both servers: ${both}, expected one model`);
  }
  const servers = found.map(({ url, found: why }) => ({
    ...{ url, model: model.id },
    ...(why !== undefined && { found: why }),
  }));
  return { servers, model };
}

function pick(url: string, models: readonly ServedModel[], name: string | undefined): ServedModel {
  const model = name === undefined ? models[0] : models.find(({ id }) => id === name);
  if (model) return model;
  const names = models.map(({ id }) => id).join(", ");
  throw new SggError(
    "USAGE",
    `Cannot ask "${url}" for model "${name}": it serves ${names}, expected it to serve that`,
  );
}

/** What the error of a server that cannot be asked says of it. Errors: one of another kind, as it is. */
function reasonOf(error: unknown): string {
  if (!(error instanceof SggError)) throw error;
  return /: it (.*), expected/s.exec(error.message)?.[1] ?? error.message;
}
