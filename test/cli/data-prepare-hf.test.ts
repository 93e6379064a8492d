import { mkdir, readdir, readFile, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { loadDataset } from "../../src/data/load.ts";
import { standInHub } from "../data/hub/stand-in-hub.ts";
import { plainImage, rowsFile, temporaryFolder } from "../data/rows-file.ts";
import { r1sgg } from "./r1sgg.ts";

const relation = (subject: string, predicate: string, object: string) => ({
  ...{ subject, predicate, object },
});

/** A dataset of rows with the same image, each with the given objects and relations. */
async function dataset(
  graphs: readonly {
    objects: readonly string[];
    relationships?: readonly object[];
    bbox?: object;
  }[],
) {
  const folder = await temporaryFolder();
  const data = join(folder, "data");
  await mkdir(data);
  await plainImage(data, "x.png", [40, 30]);
  await rowsFile(
    data,
    graphs.map(({ objects, relationships = [], bbox = [0, 0, 9, 9] }, at) => ({
      ...{ image_id: `${at}`, image_path: "x.png", width: 40, height: 30 },
      ...{ objects: objects.map((id) => ({ id, bbox })), relationships },
    })),
  );
  return { folder, data, out: join(folder, "out") };
}

const record = async (out: string) =>
  JSON.parse(await readFile(join(out, "prepare.json"), "utf8")) as {
    source: object;
    options: object;
    counts: object;
    files: readonly string[];
  };

const idsOf = async (path: string) => (await loadDataset(path)).map(({ image_id }) => image_id);

describe("r1sgg data prepare hf", () => {
  it("draws a subset by seed, in the order of the data, a smaller one out of the larger", async () => {
    const { data, folder } = await dataset(
      Array.from({ length: 60 }, () => ({ objects: ["cup.1"] })),
    );
    const drawn = async (name: string, subset: number, seed: number) => {
      const out = join(folder, name);
      const made = await r1sgg(
        ...["data", "prepare", "hf", data, "--out", out],
        ...["--subset", `${subset}`, "--seed", `${seed}`],
      );
      expect(made.code).toBe(0);
      return idsOf(out);
    };
    const [twenty, again, ten, other] = [
      await drawn("a", 20, 7),
      await drawn("b", 20, 7),
      await drawn("c", 10, 7),
      await drawn("d", 20, 8),
    ];
    expect(twenty).toHaveLength(20);
    expect(twenty.map(Number)).toEqual(twenty.map(Number).toSorted((a, b) => a - b));
    expect(again).toEqual(twenty);
    expect(twenty).toEqual(expect.arrayContaining([...ten]));
    expect(other).not.toEqual(twenty);
    expect(await record(join(folder, "a"))).toMatchObject({
      options: { split: "rows", subset: 20, seed: 7, format: "parquet" },
      counts: { read: 60, subset: 20, written: 20 },
      files: ["rows-00000-of-00001.parquet"],
    });
    const out = join(folder, "e");
    const many = await r1sgg("data", "prepare", "hf", data, "--out", out, "--subset", "61");
    expect([many.code, many.err]).toEqual([
      3,
      expect.stringContaining(
        "Cannot take a subset of 61 rows: 60 are left, expected at least as many",
      ),
    ]);
  });

  it("takes images by their ids, and names those that are not there", async () => {
    const { data, folder, out } = await dataset(
      Array.from({ length: 5 }, () => ({ objects: ["cup.1"] })),
    );
    const ids = join(folder, "ids.txt");
    await writeFile(ids, "3\n1\n");
    await r1sgg("data", "prepare", "hf", data, "--out", out, "--ids", ids, "--format", "jsonl");
    expect(await idsOf(out)).toEqual(["1", "3"]);
    await writeFile(ids, "3\nx\r\ny");
    const { code, err } = await r1sgg(
      ...["data", "prepare", "hf", data, "--out", join(folder, "no"), "--ids", ids],
    );
    expect([code, err]).toEqual([
      3,
      expect.stringContaining(
        "Cannot choose by --ids: 2 not in the data (x, y), expected ids of the data",
      ),
    ]);
  });

  it("leaves the open-vocabulary split's novel classes out, and drops and counts what is emptied", async () => {
    const relationships = [
      relation("man.1", "wearing", "glove.2"),
      relation("guy.3", "near", "glove.2"),
    ];
    const { data, out } = await dataset([
      { objects: ["man.1", "glove.2", "guy.3"], relationships },
      { objects: ["man.1", "dog.2"], relationships: [relation("man.1", "near", "dog.2")] },
      { objects: ["guy.1", "glove.2"], relationships: [relation("guy.1", "of", "glove.2")] },
    ]);
    const { out: said } = await r1sgg("data", "prepare", "hf", data, "--out", out, "--ovdr");
    expect(said).toContain(
      "3 rows read\n2 dropped: nothing of the classes in them\n1 rows written",
    );
    const [row, ...others] = await loadDataset(out);
    expect(others).toEqual([]);
    expect(row?.objects.map(({ id }) => id)).toEqual(["glove.1", "guy.2"]);
    expect(row?.relationships).toEqual([relation("guy.2", "near", "glove.1")]);
    expect((await record(out)).counts).toEqual({
      ...{ read: 3, emptied: 2, written: 1, mended: 0, leftOut: 0 },
    });
  });

  it("keeps a user's own classes", async () => {
    const relationships = [relation("unicorn.1", "on", "cup.2")];
    const { data, folder, out } = await dataset([
      { objects: ["unicorn.1", "cup.2"], relationships },
    ]);
    const list = join(folder, "classes.json");
    await writeFile(list, JSON.stringify({ objects: ["unicorn", "cup"], predicates: ["on"] }));
    await r1sgg("data", "prepare", "hf", data, "--out", out, "--classes", list);
    expect(await loadDataset(out)).toHaveLength(1);
    await writeFile(list, JSON.stringify({ objects: ["cup"], predicates: ["on"] }));
    const none = join(folder, "none");
    const { code, err } = await r1sgg(
      ...["data", "prepare", "hf", data, "--out", none, "--classes", list],
    );
    expect([code, err]).toEqual([
      3,
      expect.stringContaining(
        `Cannot make "${none}": no row is left of the 1 that were read, expected at least one\n`,
      ),
    ]);
    expect(await readdir(folder)).not.toContain("none");
  });

  it("refuses faults, and with --fix mends them or leaves the row out, and lists both", async () => {
    const { data, folder, out } = await dataset([
      { objects: ["cup.1"], bbox: [9, 9, 1, 50] },
      { objects: ["cup"] },
      { objects: ["cup.1"] },
    ]);
    const refused = await r1sgg("data", "prepare", "hf", data, "--out", out);
    expect(refused.code).toBe(3);
    expect(refused.err).toContain("Cannot prepare the data: 2 faults, expected none (--fix mends");
    expect(await readdir(folder)).toEqual(["data"]);
    const fixed = await r1sgg("data", "prepare", "hf", data, "--out", out, "--fix");
    expect(fixed.out).toContain(
      "3 rows read\n1 left out for their faults\n1 mended\n2 rows written",
    );
    expect((await loadDataset(out))[0]?.objects[0]?.bbox).toEqual([1, 9, 9, 30]);
    const list = (await readFile(join(out, "mends.ndjson"), "utf8")).trim().split("\n");
    expect(list.map((line) => JSON.parse(line) as unknown)).toEqual([
      {
        ...{ place: "line 2", image_id: "1" },
        left_out: [
          {
            ...{ field: "objects[0].id", found: '"cup"' },
            expected: "name.number, for example person.1",
          },
        ],
      },
      {
        ...{ place: "line 1", image_id: "0", field: "objects[0].bbox" },
        ...{ found: "[9,9,1,50]", done: "[1,9,9,30]" },
      },
    ]);
  });

  it("looks for a file on disk alone, though a name on the Hub could be such", async () => {
    const asked = await r1sgg("data", "prepare", "hf", "nowhere/x.jsonl", "--out", "/no/out");
    expect([asked.code, asked.err]).toEqual([
      3,
      expect.stringContaining('Cannot load "nowhere/x.jsonl": nothing there, expected'),
    ]);
  });

  it("leaves nothing half-written when an image is missing", async () => {
    const { data, folder, out } = await dataset([{ objects: ["cup.1"] }]);
    await unlink(join(data, "x.png"));
    const { code, err } = await r1sgg("data", "prepare", "hf", data, "--out", out);
    expect([code, err]).toEqual([3, expect.stringContaining("image_path: no such file at")]);
    expect(await readdir(folder)).toEqual(["data"]);
  });

  it("fetches a dataset of the Hub, and again without it (against a stand-in for the Hub)", async () => {
    const { data, folder } = await dataset([{ objects: ["cup.1"] }, { objects: ["cup.1"] }]);
    const made = join(folder, "made");
    await r1sgg("data", "prepare", "hf", data, "--out", made, "--split", "rows");
    const shard = await readFile(join(made, "rows-00000-of-00001.parquet"));
    const commit = "89abcdef0123456789abcdef0123456789abcdef";
    const hub = await standInHub({
      ...{ name: "owner/name", commit },
      files: {
        ".gitattributes": Buffer.from("*.parquet filter=lfs\n"),
        "data/train-00000-of-00001.parquet": shard,
        "data/test-00000-of-00001.parquet": shard,
      },
    });
    onTestFinished(() => void vi.unstubAllEnvs());
    vi.stubEnv("HF_ENDPOINT", hub.url);
    vi.stubEnv("HF_HOME", join(folder, "home"));
    const ask = (name: string, ...more: readonly string[]) =>
      r1sgg("data", "prepare", "hf", "owner/name", "--out", join(folder, name), ...more);
    const several = await ask("x");
    expect(several.err).toContain(
      'Cannot use "owner/name": a folder with several sets (data/test.parquet, data/train.parquet)',
    );
    const other = await ask("x", "--split", "val");
    expect(other.err).toContain(
      'no set "val" (found data/test.parquet, data/train.parquet), expected',
    );
    expect(await ask("a", "--split", "train")).toMatchObject({ code: 0 });
    expect(await idsOf(join(folder, "a"))).toEqual(["0", "1"]);
    expect(await record(join(folder, "a"))).toMatchObject({
      source: { id: "owner/name", revision: commit, asked_revision: "main" },
      files: ["train-00000-of-00001.parquet"],
    });
    await hub.stop();
    vi.stubEnv("HF_HUB_OFFLINE", "1");
    expect(await ask("b", "--split", "train", "--revision", commit)).toMatchObject({ code: 0 });
  });
});
