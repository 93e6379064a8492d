import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { plainImage, rowsFile, temporaryFolder } from "../data/rows-file.ts";
import { r1sgg } from "./r1sgg.ts";

describe("r1sgg data synth", () => {
  it("draws a dataset that data check finds no fault with", async () => {
    const out = join(await temporaryFolder(), "scenes");
    const drawn = await r1sgg("data", "synth", "--count", "3", "--seed", "5", "--out", out);
    expect(drawn).toEqual({ code: 0, out: `${join(out, "scenes.jsonl")}\n`, err: "" });
    const checked = await r1sgg("data", "check", out);
    expect(checked).toEqual({
      code: 0,
      out: `${join(out, "scenes.jsonl")}: 3 rows, no faults\n`,
      err: "",
    });
  });

  it("exits 2 for a count that is none and for a folder that is full", async () => {
    const out = await temporaryFolder();
    const none = await r1sgg("data", "synth", "--count", "0", "--out", out);
    expect(none.code).toBe(2);
    expect(none.err).toContain(
      "'--count <n>' argument '0' is invalid. Expected a whole number of at least 1.",
    );
    await writeFile(join(out, "x"), "");
    expect((await r1sgg("data", "synth", "--count", "1", "--out", out)).code).toBe(2);
  });
});

describe("Ctrl-C", () => {
  /** Runs a command and asks it to stop as soon as its temporary folder is there. */
  async function stopped(folder: string, ...argv: readonly string[]) {
    const running = r1sgg(...argv);
    while (!(await readdir(folder)).some((name) => name.endsWith(".tmp")))
      await new Promise((done) => setTimeout(done, 5));
    process.emit("SIGINT", "SIGINT");
    return running;
  }

  it("ends drawing and mending with one sentence, and nothing is left", async () => {
    const folder = await temporaryFolder();
    const out = join(folder, "out");
    const sentence = `r1sgg: Cannot finish "${out}": SIGINT, nothing is written\n`;
    const drawn = await stopped(folder, "data", "synth", "--count", "5000", "--out", out);
    expect([drawn.code, drawn.err]).toEqual([130, sentence]);
    expect(await readdir(folder)).toEqual([]);

    const data = await temporaryFolder();
    await plainImage(data, "x.png", [9, 9]);
    const row = { image_path: "x.png", width: 9, height: 9, objects: [], relationships: [] };
    const rows = Array.from({ length: 5000 }, (_, at) => ({ image_id: `${at}`, ...row }));
    const path = await rowsFile(data, rows);
    const mended = await stopped(folder, "data", "check", path, "--fix", out);
    expect([mended.code, mended.err]).toEqual([130, sentence]);
    expect(await readdir(folder)).toEqual([]);
  });
});

describe("r1sgg data check", () => {
  const faulty = {
    image_id: "a",
    image_path: "no.png",
    width: 9,
    height: 9,
    objects: [],
    relationships: [],
  };

  it("prints every fault and exits 3", async () => {
    const lines = Array.from({ length: 30 }, (_, index) => ({ ...faulty, image_id: `${index}` }));
    const path = await rowsFile(await temporaryFolder(), lines);
    const { code, out, err } = await r1sgg("data", "check", path);
    expect([code, out.trimEnd().split("\n").length]).toEqual([3, 30]);
    expect(out).toContain('line 30 (image_id "29"), image_path: no such file at');
    expect(err).toBe(`r1sgg: Cannot use "${path}": 30 faults in 30 rows, expected none\n`);
  });

  it("prints JSON when asked, with faults and without", async () => {
    const folder = await temporaryFolder();
    const path = await rowsFile(folder, [faulty, "nope"]);
    const bad = await r1sgg("data", "check", path, "--json");
    expect(bad.code).toBe(3);
    expect(JSON.parse(bad.out)).toMatchObject({
      path,
      rows: 2,
      faults: [{ line: 1, image_id: "a", field: "image_path" }, { line: 2 }],
    });
    await plainImage(folder, "no.png", [9, 9]);
    await writeFile(path, (await readFile(path, "utf8")).replace("nope\n", ""));
    const good = await r1sgg("data", "check", path, "--json");
    expect([good.code, JSON.parse(good.out)]).toEqual([0, { path, rows: 1, faults: [] }]);
  });

  it("leaves the images alone when asked to", async () => {
    const path = await rowsFile(await temporaryFolder(), [faulty]);
    expect((await r1sgg("data", "check", path, "--no-images")).code).toBe(0);
  });

  it("compares names with a list of classes", async () => {
    const folder = await temporaryFolder();
    const objects = [{ id: "unicorn.1", bbox: [0, 0, 1, 1] }];
    const path = await rowsFile(folder, [{ ...faulty, objects }]);
    const checked = await r1sgg("data", "check", path, "--no-images", "--classes", "vg150");
    expect(checked.code).toBe(3);
    expect(checked.out).toContain('objects[0].id: "unicorn.1", expected one of the 150 objects');
    const unknown = await r1sgg("data", "check", path, "--classes", join(folder, "no.json"));
    expect([unknown.code, unknown.err]).toEqual([
      2,
      expect.stringContaining("no such file, expected vg150, psg, or a JSON file"),
    ]);
  });

  it("writes a mended set with --fix, and exits 3 only for what could not be mended", async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, "data"));
    const data = join(folder, "data");
    await plainImage(data, "no.png", [9, 9]);
    const upside = { ...faulty, objects: [{ id: "cup.1", bbox: [5, 5, 1, 10] }] };
    const path = await rowsFile(data, [upside]);
    const out = join(folder, "mended");
    const fixed = await r1sgg("data", "check", path, "--fix", out);
    expect(fixed).toEqual({
      code: 0,
      out: 'line 1 (image_id "a"), objects[0].bbox: [5,5,1,10], expected x1 <= x2 and y1 <= y2\n',
      err: `${out}: 1 row, 1 of them mended, 0 left out (listed in mends.ndjson)\n`,
    });
    expect(await r1sgg("data", "check", out)).toMatchObject({ code: 0 });
    expect(await readFile(join(out, "rows.jsonl"), "utf8")).toContain('"bbox":[1,5,5,9]');
    await rowsFile(data, [upside, { ...faulty, image_id: 7 }]);
    const other = join(folder, "other");
    const rest = await r1sgg("data", "check", path, "--fix", other, "--json");
    expect(rest.code).toBe(3);
    expect(JSON.parse(rest.out)).toMatchObject({ fixed: other, mended: 1, left_out: 1 });
    expect(await r1sgg("data", "check", other)).toMatchObject({ code: 0 });
  });

  it("leaves rows with names that --classes does not have out of the mended set", async () => {
    const folder = await temporaryFolder();
    const data = join(folder, "data");
    await mkdir(data);
    await plainImage(data, "no.png", [9, 9]);
    const named = (image_id: string, name: string) => ({
      ...faulty,
      image_id,
      objects: [{ id: `${name}.1`, bbox: [0, 0, 1, 1] }],
    });
    const path = await rowsFile(data, [named("a", "unicorn"), named("b", "man")]);
    const out = join(folder, "mended");
    const fixed = await r1sgg("data", "check", path, "--fix", out, "--classes", "vg150");
    expect([fixed.code, fixed.err]).toEqual([
      3,
      expect.stringContaining("1 row, 0 of them mended, 1 left out"),
    ]);
    expect(await r1sgg("data", "check", out, "--classes", "vg150")).toMatchObject({ code: 0 });
  });

  it("mends nothing where no row would be left, and tells the faults all the same", async () => {
    const folder = await temporaryFolder();
    const path = await rowsFile(folder, [faulty, "{"]);
    const out = join(folder, "mended");
    const fixed = await r1sgg("data", "check", path, "--fix", out);
    expect([fixed.code, fixed.out.split("\n").length, fixed.err]).toEqual([
      3,
      3,
      `r1sgg: Cannot make "${out}": no row is left of the 2 that were read, expected at least one\n`,
    ]);
    const empty = await rowsFile(folder, []);
    expect(await r1sgg("data", "check", empty, "--fix", out)).toMatchObject({ code: 3 });
    expect(await readdir(folder)).toEqual(["rows.jsonl"]);
    const both = await r1sgg("data", "check", path, "--fix", out, "--no-images");
    expect([both.code, both.err]).toEqual([
      2,
      "r1sgg: Cannot use --fix with --no-images: the new set has the images in it, expected one of them\n",
    ]);
  });

  it("exits 3 for a path where nothing is", async () => {
    const { code, err } = await r1sgg("data", "check", "/nowhere/x.jsonl");
    expect([code, err]).toEqual([
      3,
      'r1sgg: Cannot load "/nowhere/x.jsonl": nothing there, expected a .jsonl or .parquet file, or a folder that holds one set of them\n',
    ]);
  });
});
