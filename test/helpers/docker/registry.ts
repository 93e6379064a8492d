import { createHash, randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A registry of images in memory, of which the engine needs what a push and a pull need. */
export interface Registry {
  /** `127.0.0.1:PORT`, which an engine takes without TLS. */
  readonly host: string;
  readonly close: () => Promise<void>;
}

/** Starts a registry that lets in who knows the password. Source: OCI Distribution Specification 1.0. */
export async function startRegistry(user: string, password: string): Promise<Registry> {
  const blobs = new Map<string, Buffer>();
  const manifests = new Map<string, { readonly type: string; readonly body: Buffer }>();
  const login = `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
  const digestOf = (body: Buffer) => `sha256:${createHash("sha256").update(body).digest("hex")}`;
  const uploads = new Map<string, Buffer[]>();
  const server = createServer(async (request, answer) => {
    const body: Buffer[] = [];
    for await (const chunk of request) body.push(chunk as Buffer);
    const url = new URL(request.url ?? "", "http://registry");
    const say = (status: number, headers: Record<string, string> = {}, content?: Buffer) =>
      answer
        .writeHead(status, { "docker-distribution-api-version": "registry/2.0", ...headers })
        .end(request.method === "HEAD" ? undefined : content);
    if (request.headers.authorization !== login)
      return say(401, { "www-authenticate": 'Basic realm="test"' });
    if (url.pathname === "/v2/") return say(200);
    const [, name = "", kind = "", id = ""] =
      /^\/v2\/(.+)\/(blobs\/uploads|blobs|manifests)\/?(.*)$/.exec(url.pathname) ?? [];
    if (kind === "manifests") {
      if (request.method === "PUT") {
        const one = { type: request.headers["content-type"] ?? "", body: Buffer.concat(body) };
        manifests.set(`${name}:${id}`, one);
        manifests.set(digestOf(one.body), one);
        return say(201, { "docker-content-digest": digestOf(one.body) });
      }
      const found = manifests.get(`${name}:${id}`) ?? manifests.get(id);
      if (!found) return say(404);
      const headers = { "content-type": found.type, "docker-content-digest": digestOf(found.body) };
      return say(200, { ...headers, "content-length": String(found.body.length) }, found.body);
    }
    if (kind === "blobs") {
      const found = blobs.get(id);
      return found ? say(200, { "content-length": String(found.length) }, found) : say(404);
    }
    const upload = id === "" ? randomUUID() : id;
    const parts = [...(uploads.get(upload) ?? []), ...body];
    uploads.set(upload, parts);
    const digest = url.searchParams.get("digest");
    if (request.method === "PUT" && digest) {
      blobs.set(digest, Buffer.concat(parts));
      return say(201, { location: `/v2/${name}/blobs/${digest}` });
    }
    const size = Buffer.concat(parts).length;
    say(202, {
      location: `/v2/${name}/blobs/uploads/${upload}`,
      range: `0-${Math.max(0, size - 1)}`,
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    });
  return { host: `127.0.0.1:${port}`, close };
}
