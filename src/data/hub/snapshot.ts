import { mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { datasetInfo, type ListFileEntry, listFiles, modelInfo } from "@huggingface/hub";
import { cannotWrite } from "../../cannot-write.ts";
import { SggError } from "../../errors.ts";
import { download, failureCode, type HubFile, hubReason } from "./download.ts";
import { credentials, type HubSettings } from "./settings.ts";

/** Which files of which repository. */
export interface SnapshotWish {
  readonly repo: HubFile["repo"];
  /** A branch, a tag or a commit; `main` by default. */
  readonly revision?: string | undefined;
  /** Chooses among all files; throws where they are not what is wanted. */
  readonly choose: (paths: readonly string[]) => readonly string[];
  readonly onBytes: (done: number, of: number) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Files of a repository, on disk. */
export interface Snapshot {
  /** The commit that the revision stood for. */
  readonly revision: string;
  /** Absolute paths, in the order in which they were chosen. */
  readonly files: readonly string[];
}

const commit = /^[0-9a-f]{40}$/;

/**
 * Brings chosen files of a Hub repository into the cache that Hugging Face's tools share.
 *
 * What is there is not asked for again. Offline, only the cache is looked at.
 *
 * Errors: SggError DATA when the Hub refuses, and for what is not in the cache when offline; LAUNCH
 * when the Hub cannot be reached, and when there is no room
 */
export async function snapshot(wish: SnapshotWish, settings: HubSettings): Promise<Snapshot> {
  const { type, name } = wish.repo;
  const storage = join(settings.cache, [`${type}s`, ...name.split("/")].join("--"));
  return settings.offline ? fromCache(wish, storage) : fromHub(wish, storage, settings);
}

async function fromHub(
  { repo, revision = "main", choose, onBytes, signal }: SnapshotWish,
  storage: string,
  settings: HubSettings,
): Promise<Snapshot> {
  const cannot = (cause: unknown): unknown => {
    if (cause instanceof SggError) return cause;
    const hint = "expected a repository of the Hub (HF_HUB_OFFLINE=1 uses what the cache has)";
    return new SggError(
      failureCode(cause),
      `Cannot reach "${repo.name}" at revision "${revision}": ${hubReason(cause)}, ${hint}`,
      { cause },
    );
  };
  const entries = new Map<string, ListFileEntry>();
  let sha: string;
  try {
    const asked = { name: repo.name, revision, ...credentials(settings) };
    const fields = { additionalFields: ["sha" as const] };
    ({ sha } = await (repo.type === "dataset"
      ? datasetInfo({ ...asked, ...fields })
      : modelInfo({ ...asked, ...fields })));
    const place = { repo: { ...repo }, revision: sha, recursive: true };
    for await (const entry of listFiles({ ...place, ...credentials(settings) }))
      if (entry.type === "file") entries.set(entry.path, entry);
  } catch (cause) {
    throw cannot(cause);
  }
  const wanted = choose([...entries.keys()]).map((path): HubFile => {
    const { size, oid, lfs } = entries.get(path)!;
    return { repo, revision: sha, path, bytes: lfs?.size ?? size, digest: lfs?.oid ?? oid ?? "" };
  });
  const of = wanted.reduce((sum, { bytes }) => sum + bytes, 0);
  let done = 0;
  const files: string[] = [];
  try {
    for (const file of wanted) {
      const blob = join(storage, "blobs", file.digest);
      const onPiece = (bytes: number) => {
        done += bytes;
        onBytes(done, of);
      };
      await download(file, blob, settings, { onBytes: onPiece, signal });
      files.push(await link(storage, file, blob));
    }
    if (!commit.test(revision)) {
      await mkdir(dirname(join(storage, "refs", revision)), { recursive: true });
      await writeFile(join(storage, "refs", revision), sha);
    }
  } catch (cause) {
    throw cannotWrite(storage, cause);
  }
  return { revision: sha, files };
}

/** Puts the file's name into the snapshot, pointing at its content. */
async function link(storage: string, { revision, path }: HubFile, blob: string): Promise<string> {
  if (path.split("/").includes("..")) throw new RangeError(`a path that leads out: ${path}`);
  const at = join(storage, "snapshots", revision, path);
  await mkdir(dirname(at), { recursive: true });
  await symlink(relative(dirname(at), blob), at).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== "EEXIST") throw cause;
  });
  return at;
}

async function fromCache(
  { repo, revision = "main", choose }: SnapshotWish,
  storage: string,
): Promise<Snapshot> {
  const absent = (found: string, cause?: unknown) =>
    new SggError(
      "DATA",
      `Cannot find "${repo.name}" in the cache "${storage}": ${found}, expected it there, for HF_HUB_OFFLINE is set`,
      { cause },
    );
  const sha = commit.test(revision)
    ? revision
    : await readFile(join(storage, "refs", revision), "utf8").catch((cause: Error) => {
        throw absent(`no revision "${revision}"`, cause);
      });
  const folder = join(storage, "snapshots", sha.trim());
  const names = await readdir(folder, { recursive: true }).catch((cause: Error) => {
    throw absent(`no snapshot of ${sha.trim()}`, cause);
  });
  return { revision: sha.trim(), files: choose(names).map((path) => join(folder, path)) };
}
