import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { SggError } from "../../errors.ts";
import type { HubSettings } from "../hub/settings.ts";
import { snapshot } from "../hub/snapshot.ts";
import { datasetFiles, oneSet, setName, setsOf } from "../shards.ts";
import type { HfSource } from "./hf.ts";

/** Where to look, and for which set of files. */
export interface SourceWish {
  /** A file, a folder, or a Hub id (`owner/name`). */
  readonly source: string;
  readonly set?: string | undefined;
  readonly revision?: string | undefined;
  readonly onBytes: (done: number, of: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * The files that a source means, and the name of their set; those of the Hub are brought here.
 *
 * What is on disk under that name is meant before the Hub is.
 *
 * Errors: SggError DATA when nothing is there; those of `snapshot`
 */
export async function findSource(
  { source, set, revision, onBytes, signal }: SourceWish,
  settings: HubSettings,
): Promise<HfSource & { readonly set: string }> {
  const here = await stat(source).catch(() => undefined);
  if (here !== undefined || !isHubId(source)) {
    const files = await datasetFiles(source, set);
    return { files, origin: { path: resolve(source) }, set: set ?? setName(files[0]!) };
  }
  const cannot = (found: string) =>
    new SggError("DATA", `Cannot use "${source}": ${found}, expected one set of .parquet files`);
  const choose = (paths: readonly string[]) => {
    const found = oneSet(paths, set, cannot);
    const sets = setsOf(paths).join(", ");
    if (found.length === 0)
      throw cannot(sets === "" ? "no data" : `no set "${set}" (found ${sets})`);
    return found;
  };
  const repo = { type: "dataset", name: source } as const;
  const { files, revision: commit } = await snapshot(
    { repo, revision, choose, onBytes, signal },
    settings,
  );
  const origin = { id: source, revision: commit, asked_revision: revision ?? "main" };
  return { files, origin, set: set ?? setName(files[0]!) };
}

/** A name on the Hub; what ends like a file of ours was meant to be one. */
const isHubId = (source: string): boolean =>
  /^[\w.-]+\/[\w.-]+$/.test(source) && !/^\.|\.(jsonl|parquet)$/.test(source);
