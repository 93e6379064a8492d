import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** A dataset repository as the stand-in has it: one commit, and the branch `main` at it. */
export interface StandInRepo {
  readonly name: string;
  readonly commit: string;
  /** Those that end in .parquet are large files (LFS), as on the Hub. */
  readonly files: Readonly<Record<string, Buffer>>;
  readonly gated?: boolean;
}

/** A server that stands in for the Hub, and what was asked of it. */
export interface StandInHub {
  readonly url: string;
  /** Every request: `GET /path`, with its range where it has one. */
  readonly asked: string[];
  readonly tokens: Set<string | undefined>;
  /** What goes wrong from now on: a line cut after so many bytes, or bytes that are not the file's. */
  trouble: { cutAfter?: number; corrupt?: boolean; ignoreRange?: boolean; status?: number };
  readonly stop: () => Promise<void>;
}

/**
 * Stands in for the Hugging Face Hub, which tests cannot reach: the same HTTP API for a dataset
 * (revision, tree in pages, resolve with redirect and ranges), served from memory.
 */
export async function standInHub(repo: StandInRepo): Promise<StandInHub> {
  const asked: string[] = [];
  const tokens = new Set<string | undefined>();
  const server = createServer((request, response) => {
    const range = request.headers.range;
    asked.push(`${request.method} ${request.url}${range ? ` ${range}` : ""}`);
    tokens.add(request.headers.authorization);
    send(response, replyTo(request, repo, hub));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  const stop = () =>
    new Promise<void>((done) => {
      server.closeAllConnections();
      server.close(() => done());
    });
  onTestFinished(stop);
  const hub: StandInHub = {
    ...{ url: `http://127.0.0.1:${port}`, asked, tokens, trouble: {}, stop },
  };
  return hub;
}

const sha = (algorithm: string, ...parts: readonly (string | Buffer)[]): string => {
  const hash = createHash(algorithm);
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
};
const isLarge = (path: string): boolean => path.endsWith(".parquet");
const gitSha = (content: Buffer): string => sha("sha1", `blob ${content.length}\0`, content);

/** An answer; its body may be cut off after so many bytes, as by a line that breaks. */
interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number>>;
  readonly body: Buffer;
  readonly cutAfter?: number | undefined;
}

const json = (value: unknown, headers: Reply["headers"] = {}, status = 200): Reply => ({
  status,
  headers: { "Content-Type": "application/json", ...headers },
  body: Buffer.from(JSON.stringify(value)),
});

const refusal = (status: number, code: string, error: string): Reply =>
  json({ error }, { "X-Error-Code": code }, status);

function replyTo(request: IncomingMessage, repo: StandInRepo, hub: StandInHub): Reply {
  const { name, commit, files, gated } = repo;
  const url = new URL(request.url ?? "/", hub.url);
  if (hub.trouble.status !== undefined) return refusal(hub.trouble.status, "Trouble", "no luck");
  if (gated && request.headers.authorization === undefined)
    return refusal(401, "GatedRepo", `Access to dataset ${name} is restricted`);
  const cdn = /^\/cdn\/(.+)$/.exec(url.pathname)?.[1];
  if (cdn !== undefined) return content(files[decodeURIComponent(cdn)]!, request, hub);
  const [, asked, kind, revision, path] =
    /^(?:\/api)?\/datasets\/(\w+\/\w+)\/(revision|tree|resolve)\/(\w+)(?:\/(.+))?$/.exec(
      url.pathname,
    ) ?? [];
  if (asked !== name) return refusal(404, "RepoNotFound", "Repository not found");
  if (revision !== "main" && revision !== commit)
    return refusal(404, "RevisionNotFound", `Invalid rev id: ${revision}`);
  if (kind === "revision") return json({ id: name, _id: "1", sha: commit });
  if (kind === "tree") return tree(repo, url);
  const file = files[path ?? ""];
  if (file === undefined) return refusal(404, "EntryNotFound", "Entry not found");
  if (!isLarge(path ?? "")) return content(file, request, hub);
  const linked = { "X-Linked-Size": file.length, "X-Linked-ETag": `"${sha("sha256", file)}"` };
  const headers = { Location: `/cdn/${encodeURIComponent(path ?? "")}`, ...linked };
  return { status: 302, headers, body: Buffer.alloc(0) };
}

/** The list of files, two a page. */
function tree({ files }: StandInRepo, url: URL): Reply {
  const from = Number(url.searchParams.get("cursor") ?? 0);
  const names = Object.keys(files);
  url.searchParams.set("cursor", String(from + 2));
  const next = from + 2 < names.length ? { Link: `<${url.href}>; rel="next"` } : {};
  const entries = names.slice(from, from + 2).map((path) => {
    const file = files[path]!;
    const lfs = { oid: sha("sha256", file), size: file.length, pointerSize: 130 };
    const entry = { type: "file", path, size: file.length, oid: gitSha(file) };
    return isLarge(path) ? { ...entry, lfs } : entry;
  });
  return json([{ type: "directory", path: "data", oid: "0" }, ...entries], next);
}

/** A file, or the range of it that is asked for. */
function content(file: Buffer, { headers }: IncomingMessage, { trouble }: StandInHub): Reply {
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? "") ?? [];
  const probe = to === "0";
  const whole = from === undefined || (trouble.ignoreRange === true && !probe);
  const start = whole ? 0 : Number(from);
  const end = whole || to === "" ? file.length : Number(to) + 1;
  const body = Buffer.from(file.subarray(start, end));
  if (trouble.corrupt && !probe) body.fill(0, 0, 1);
  const range = { "Content-Range": `bytes ${start}-${end - 1}/${file.length}` };
  return {
    status: whole ? 200 : 206,
    headers: {
      ...{ "Content-Length": body.length, ETag: `"${gitSha(file)}"`, "Accept-Ranges": "bytes" },
      ...(whole ? {} : range),
    },
    body,
    cutAfter: probe ? undefined : trouble.cutAfter,
  };
}

function send(response: ServerResponse, { status, headers, body, cutAfter }: Reply): void {
  response.writeHead(status, { ...headers });
  if (cutAfter === undefined) response.end(body);
  else response.write(body.subarray(0, cutAfter), () => response.destroy());
}
