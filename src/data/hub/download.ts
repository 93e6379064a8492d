import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { downloadFile } from "@huggingface/hub";
import lockfile from "proper-lockfile";
import { type ErrorCode, SggError } from "../../errors.ts";
import { credentials, type HubSettings } from "./settings.ts";

/** A file of a repository at a fixed revision. */
export interface HubFile {
  readonly repo: { readonly type: "dataset" | "model"; readonly name: string };
  readonly revision: string;
  readonly path: string;
  readonly bytes: number;
  /** SHA-256 of a large file, or git's SHA-1 of a small one; also its name in the cache. */
  readonly digest: string;
}

/** Who is told of every piece that came, and who may end it. */
export interface DownloadWatch {
  readonly onBytes: (bytes: number) => void;
  readonly signal?: AbortSignal | undefined;
}

/** So many tries in a row that bring nothing, and it is given up. */
const vainTries = 3;

/**
 * Brings a file of the Hub to `target`; what an earlier try has brought is kept and gone on with.
 *
 * The half-finished file is `target.incomplete`. The whole one is compared with the Hub's digest
 * before it gets its name. Plain HTTP ranges are used, not Xet: they go on at any byte.
 *
 * Errors: SggError LAUNCH when it does not come, with what is there already; DATA when the Hub refuses
 * it, and when its bytes are not what the Hub says, in which case the half-finished file is gone.
 */
export async function download(
  file: HubFile,
  target: string,
  settings: HubSettings,
  { onBytes, signal }: DownloadWatch,
): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  const part = `${target}.incomplete`;
  const release = await lockfile.lock(target, {
    realpath: false,
    retries: { forever: true, minTimeout: 200, maxTimeout: 2000 },
  });
  try {
    if ((await sizeOf(target)) === file.bytes) return;
    for (let vain = 0; (await sizeOf(part)) < file.bytes; ) {
      const before = await sizeOf(part);
      const failure = await fetchRest(file, part, before, settings, { onBytes, signal });
      signal?.throwIfAborted();
      vain = (await sizeOf(part)) > before ? 0 : vain + 1;
      if (failure !== undefined && (vain >= vainTries || !worthAnotherTry(failure)))
        throw cannot(file, failure, await sizeOf(part));
    }
    const found = await digestOf(part, file);
    if (found !== file.digest) {
      await rm(part);
      throw new SggError(
        "DATA",
        `Cannot use "${file.path}" of ${file.repo.name}: its digest is ${found}, expected ${file.digest} (the next run begins it anew)`,
      );
    }
    await rename(part, target);
  } finally {
    await release();
  }
}

/** Fetches what is missing of a file and gives the failure that cut it short, if any. */
async function fetchRest(
  { repo, revision, path, bytes }: HubFile,
  part: string,
  from: number,
  settings: HubSettings,
  { onBytes, signal }: DownloadWatch,
): Promise<unknown> {
  const output = await open(part, "a");
  try {
    const blob = await downloadFile({
      ...{ repo: { ...repo }, revision, path, xet: false },
      ...credentials(settings),
    });
    if (blob === null) throw new SggError("DATA", "no such file at this revision");
    let at = from;
    for await (const chunk of (from === 0 ? blob : blob.slice(from, bytes)).stream()) {
      await output.appendFile(chunk); // `write` may write less without a word
      at += chunk.length;
      if (at > bytes) break; // a server that ignores ranges: the digest will tell
      onBytes(chunk.length);
      if (signal?.aborted) break;
    }
    await output.sync();
    return undefined;
  } catch (cause) {
    if (cause instanceof SggError) throw cause;
    return cause;
  } finally {
    await output.close();
  }
}

/** A refusal stays one; a cut line, a tired server or a full disk may not. */
function worthAnotherTry(failure: unknown): boolean {
  const status = (failure as { statusCode?: number }).statusCode;
  return status === undefined || status >= 500 || status === 429;
}

/** Whose fault it is: of what was asked for where the Hub refuses it, else of the way to it. */
export const failureCode = (failure: unknown): ErrorCode =>
  worthAnotherTry(failure) ? "LAUNCH" : "DATA";

async function digestOf(path: string, { digest, bytes }: HubFile): Promise<string> {
  const hash = createHash(digest.length === 64 ? "sha256" : "sha1");
  if (digest.length === 40) hash.update(`blob ${bytes}\0`);
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk);
  return hash.digest("hex");
}

const sizeOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  );

const cannot = ({ path, repo, bytes }: HubFile, cause: unknown, there: number): SggError =>
  new SggError(
    failureCode(cause),
    `Cannot download "${path}" of ${repo.name}: ${hubReason(cause)}; ${there} of ${bytes} bytes are kept, expected all (run it again to go on)`,
    { cause },
  );

/** What the Hub or the network said, in a few words. */
export function hubReason(failure: unknown): string {
  if (!(failure instanceof Error)) return String(failure);
  const inner = failure.cause instanceof Error ? ` (${failure.cause.message})` : "";
  return `${failure.message.split("\n")[0]}${inner}`;
}
