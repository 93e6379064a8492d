import { createHash } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, inject, onTestFinished } from "vitest";
import { bringInputs } from "../../../src/launch/inputs/bring-inputs.ts";
import { inPython } from "../../../src/launch/inputs/in-python.ts";
import { temporaryFolder } from "../../data/rows-file.ts";
import { requires } from "../../helpers/requires.ts";

const commit = "89abcdef0123456789abcdef0123456789abcdef";
const files: Readonly<Record<string, string>> = {
  "config.json": '{"model_type":"qwen2_vl"}',
  "model.safetensors": "weights",
};

const gitSha = (content: string): string =>
  createHash("sha1").update(`blob ${content.length}\0${content}`).digest("hex");

/** Stands in for the Hub, as its own client asks it for a model: the list of files, then each of them. */
async function modelHub() {
  const asked: string[] = [];
  const server = createServer(({ method, url = "" }, response) => {
    asked.push(`${method} ${url}`);
    const [, kind, revision] =
      /^\/api\/models\/owner\/name\/(revision|tree)\/(\w+)/.exec(url) ?? [];
    const [, at, name = ""] = /^\/owner\/name\/resolve\/(\w+)\/(.+)$/.exec(url) ?? [];
    const content = at === commit ? files[name] : undefined;
    if (revision === commit) {
      const siblings = Object.keys(files).map((rfilename) => ({ rfilename }));
      const tree = Object.entries(files).map(([path, content]) => ({
        ...{ type: "file", path, size: content.length, oid: gitSha(content) },
      }));
      const whole = { id: "owner/name", sha: commit, siblings };
      response.setHeader("Content-Type", "application/json");
      return response.end(JSON.stringify(kind === "tree" ? tree : whole));
    }
    if (content === undefined) {
      const code = revision === undefined ? "RepoNotFound" : "RevisionNotFound";
      return response.writeHead(404, { "X-Error-Code": code }).end();
    }
    response.writeHead(200, {
      ...{ "Content-Length": content.length, "X-Repo-Commit": commit },
      ETag: `"${gitSha(content)}"`,
    });
    return response.end(method === "HEAD" ? undefined : content);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const stop = () => {
    server.closeAllConnections();
    return new Promise<void>((done) => server.close(() => done()));
  };
  onTestFinished(stop);
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, stop };
}

async function set() {
  const hub = await modelHub();
  const folder = await temporaryFolder();
  const { python, env } = inject("pythonEnv")!;
  const { signal } = new AbortController();
  const bring = async (run: string, more = {}, revision = commit) => {
    const runDir = join(folder, run);
    mkdirSync(runDir);
    const asked = { HF_ENDPOINT: hub.url, HF_HOME: join(folder, "home"), HF_HUB_DISABLE_XET: "1" };
    const runTool = inPython(
      { python, env: { ...env, ...asked, ...more } } as never,
      runDir,
      signal,
    );
    const tell = { update: () => {}, end: () => {}, say: () => {} };
    await bringInputs(
      {
        ...{ family: null, image: null },
        inputs: { "inputs/model": { kind: "model", id: "owner/name", revision } },
      },
      { runDir, runsDir: folder, runTool, tell, signal },
    );
    return (file: string) => readFileSync(join(runDir, "inputs/model", file), "utf8");
  };
  return { hub, bring };
}

requires("python").describe("a model of the Hub (against a stand-in for it)", () => {
  const { it } = requires("python");

  it("is fetched at the pinned commit, once for all runs, and is there offline", async () => {
    const { hub, bring } = await set();
    const first = await bring("a");
    for (const [name, content] of Object.entries(files)) expect(first(name)).toBe(content);
    const fetched = () => hub.asked.filter((line) => line.startsWith("GET /owner/name/resolve/"));
    expect(fetched()).toHaveLength(2);
    await bring("b");
    expect(fetched()).toHaveLength(2);
    await hub.stop();
    const offline = await bring("c", { HF_HUB_OFFLINE: "1" });
    expect(offline("config.json")).toBe(files["config.json"]);
  });

  it("is missed with a sentence, offline or without such a commit", async () => {
    const { bring } = await set();
    const sentence =
      /^Cannot fetch model "owner\/name": [^\n]+, expected it on the Hub or in HF_HOME$/;
    const offline = await bring("a", { HF_HUB_OFFLINE: "1" }).catch(
      (cause: Error) => cause.message,
    );
    expect(offline).toMatch(sentence);
    expect(offline).toMatch(/offline/i);
    const wrong = await bring("b", {}, "f".repeat(40)).catch((cause: Error) => cause.message);
    expect(wrong).toMatch(sentence);
    expect(wrong).toMatch(/revision/i);
  });
});
