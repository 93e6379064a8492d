import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, readlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { hubSettings } from "../../../src/data/hub/settings.ts";
import { snapshot } from "../../../src/data/hub/snapshot.ts";
import { temporaryFolder } from "../rows-file.ts";
import { type StandInHub, standInHub } from "./stand-in-hub.ts";

const commit = "0123456789abcdef0123456789abcdef01234567";
const large = Buffer.alloc(200_000, "large ");
const other = Buffer.alloc(1_000, "other ");
const digest = createHash("sha256").update(large).digest("hex");
const readme = Buffer.from("# Data\n");

async function hubAndCache(gated = false) {
  const hub = await standInHub({
    ...{ name: "owner/name", commit, gated },
    files: { "README.md": readme, "data/a.parquet": large, "data/b.parquet": other },
  });
  const home = await temporaryFolder();
  const fetch = (
    part: Readonly<Record<string, string>> = {},
    wish: { revision?: string; paths?: readonly string[] } = {},
  ) =>
    snapshot(
      {
        repo: { type: "dataset", name: "owner/name" },
        revision: wish.revision,
        choose: (paths) => wish.paths ?? paths.filter((path) => path.endsWith(".parquet")),
        onBytes: () => {},
      },
      hubSettings({ HF_ENDPOINT: hub.url, HF_HOME: home, ...part }),
    );
  const storage = join(home, "hub", "datasets--owner--name");
  return { hub, home, fetch, storage };
}

/** Range of every request for a file's content, in order; without the first byte that asks its size. */
const ranges = ({ asked }: StandInHub) =>
  asked
    .filter((line) => line.startsWith("GET /cdn/data%2Fa") && !line.endsWith("bytes=0-0"))
    .map((line) => line.split(" ")[2] ?? "all");

describe("snapshot (against a stand-in for the Hub)", () => {
  it("brings files into the cache that Hugging Face's tools share, at the commit of a branch", async () => {
    const { fetch, storage } = await hubAndCache();
    const { revision, files } = await fetch();
    expect(revision).toBe(commit);
    const at = (path: string) => join(storage, "snapshots", commit, path);
    expect(files).toEqual([at("data/a.parquet"), at("data/b.parquet")]);
    expect(await readFile(files[0]!)).toEqual(large);
    expect(await readlink(files[0]!)).toMatch(/^\.\.\/\.\.\/\.\.\/blobs\/[0-9a-f]{64}$/);
    expect(await readFile(join(storage, "refs/main"), "utf8")).toBe(commit);
    expect(await readdir(join(storage, "blobs"))).toHaveLength(2);
  });

  it("does not fetch again what is there, and takes small files too", async () => {
    const { hub, fetch } = await hubAndCache();
    await fetch();
    const before = ranges(hub).length;
    const { files } = await fetch({}, { paths: ["README.md", "data/a.parquet"] });
    expect(await readFile(files[0]!)).toEqual(readme);
    expect(ranges(hub)).toHaveLength(before);
  });

  it("goes on where the line was cut, by itself and in the next run", async () => {
    const { hub, fetch, storage } = await hubAndCache();
    hub.trouble = { cutAfter: 60_000 };
    const { files } = await fetch({}, { paths: ["data/a.parquet"] });
    expect(await readFile(files[0]!)).toEqual(large);
    const starts = ranges(hub).map((range) => Number(/bytes=(\d+)/.exec(range)?.[1] ?? 0));
    expect(starts.length).toBeGreaterThanOrEqual(4);
    expect(starts).toEqual(starts.toSorted((a, b) => a - b));
    expect(starts.at(-1)).toBeGreaterThan(100_000);
    expect((await readdir(join(storage, "blobs"))).filter((name) => name.includes("."))).toEqual(
      [],
    );
  });

  it("keeps a half-finished file when it gives up, and the next run goes on with it", async () => {
    const { hub, fetch, storage } = await hubAndCache();
    await mkdir(join(storage, "blobs"), { recursive: true });
    await writeFile(join(storage, "blobs", `${digest}.incomplete`), large.subarray(0, 150_000));
    hub.trouble = { cutAfter: 0 };
    await expect(fetch({}, { paths: ["data/a.parquet"] })).rejects.toMatchObject({
      code: "LAUNCH",
      message: expect.stringMatching(
        /^Cannot download "data\/a\.parquet" of owner\/name: .+; 150000 of 200000 bytes are kept, expected all \(run it again to go on\)$/,
      ),
    });
    hub.trouble = {};
    const { files } = await fetch({}, { paths: ["data/a.parquet"] });
    expect(await readFile(files[0]!)).toEqual(large);
    expect(ranges(hub).at(-1)).toBe("bytes=150000-199999");
  });

  it.each([
    ["corrupt", { corrupt: true }],
    ["ignoreRange", { ignoreRange: true }],
  ])("notices bytes that are not the file's (%s), and begins anew", async (_, trouble) => {
    const { hub, fetch, storage } = await hubAndCache();
    const part = join(storage, "blobs", `${digest}.incomplete`);
    await mkdir(dirname(part), { recursive: true });
    await writeFile(part, large.subarray(0, 1000));
    hub.trouble = trouble;
    await expect(fetch({}, { paths: ["data/a.parquet"] })).rejects.toThrow(
      /^Cannot use "data\/a\.parquet" of owner\/name: its digest is [0-9a-f]{64}, expected [0-9a-f]{64} \(the next run begins it anew\)$/,
    );
    hub.trouble = {};
    const { files } = await fetch({}, { paths: ["data/a.parquet"] });
    expect(await readFile(files[0]!)).toEqual(large);
  });

  it("uses only the cache when offline, with the commit of a branch or a commit itself", async () => {
    const { hub, fetch } = await hubAndCache();
    const { files } = await fetch();
    await hub.stop();
    const offline = { HF_HUB_OFFLINE: "1" };
    expect(await fetch(offline)).toEqual({ revision: commit, files });
    expect(await fetch(offline, { revision: commit })).toEqual({ revision: commit, files });
    await expect(fetch(offline, { revision: "v2" })).rejects.toThrow(
      /^Cannot find "owner\/name" in the cache ".+datasets--owner--name": no revision "v2", expected it there, for HF_HUB_OFFLINE is set$/,
    );
  });

  it("says that the Hub cannot be reached, and how to do without", async () => {
    const { hub, fetch } = await hubAndCache();
    await hub.stop();
    await expect(fetch()).rejects.toMatchObject({
      code: "LAUNCH",
      message: expect.stringMatching(
        /^Cannot reach "owner\/name" at revision "main": fetch failed \(.*ECONNREFUSED.*\), expected a repository of the Hub \(HF_HUB_OFFLINE=1 uses what the cache has\)$/,
      ),
    });
  });

  it("says what the Hub says of a revision that is not there", async () => {
    const { fetch } = await hubAndCache();
    await expect(fetch({}, { revision: "v9" })).rejects.toMatchObject({
      code: "DATA",
      message: expect.stringContaining("Invalid rev id: v9"),
    });
  });

  it("sends the token, and never shows it", async () => {
    const { hub, fetch } = await hubAndCache(true);
    await expect(fetch()).rejects.toThrow("Access to dataset owner/name is restricted");
    hub.tokens.clear();
    await fetch({ HF_TOKEN: "hf_secret" });
    expect([...hub.tokens]).toEqual(["Bearer hf_secret"]);
    hub.trouble = { status: 403 };
    const error: unknown = await fetch({ HF_TOKEN: "hf_secret" }).catch((cause: unknown) => cause);
    expect(String(error)).toContain("no luck");
    expect(String(error)).not.toContain("hf_secret");
  });
});

describe("hubSettings", () => {
  it("finds the cache where Hugging Face's tools do", () => {
    expect(hubSettings({ HF_HOME: "/a" }).cache).toBe("/a/hub");
    expect(hubSettings({ HF_HOME: "/a", HF_HUB_CACHE: "/b" }).cache).toBe("/b");
    expect(hubSettings({ XDG_CACHE_HOME: "/c" }).cache).toBe("/c/huggingface/hub");
  });

  it("is offline for the words that mean yes", () => {
    for (const word of ["1", "true", "YES", "On"])
      expect(hubSettings({ HF_HUB_OFFLINE: word }).offline, word).toBe(true);
    for (const word of ["0", "", "no"])
      expect(hubSettings({ HF_HUB_OFFLINE: word }).offline).toBe(false);
  });

  it("refuses an endpoint that is no URL, and a token of another form without showing it", () => {
    expect(() => hubSettings({ HF_ENDPOINT: "hub" })).toThrow(
      'Cannot use HF_ENDPOINT "hub": no URL',
    );
    expect(() => hubSettings({ HF_TOKEN: "secret" })).toThrow(/^((?!secret).)*$/);
  });
});
