import { writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { faultText } from "../../src/data/fault.ts";
import { checkDataset } from "../../src/data/load.ts";
import { row, rowsFile, temporaryFolder } from "./rows-file.ts";

/** The faults of rows that state their size and have no image, as lines of text. */
async function faultsOf(...lines: readonly unknown[]): Promise<readonly string[]> {
  const path = await rowsFile(await temporaryFolder(), lines);
  return (await checkDataset(path, { images: false })).faults.map(faultText);
}

describe("a fault names its line, image, field, what is there and what belongs there", () => {
  it("of a line that is broken JSON, and goes on behind it", async () => {
    const [broken, after] = await faultsOf(row, '{"image_id": "b", ', { ...row, image_id: 7 });
    expect(broken).toMatch(/^line 2: broken JSON \(.+\), expected one JSON object a line$/);
    expect(after).toBe("line 3, image_id: 7, expected a string");
  });

  it("of an empty file", async () => {
    expect(await faultsOf()).toEqual(["file: no rows, expected at least one"]);
  });

  it("of an id that was there before, also where the row has other faults", async () => {
    const faults = await faultsOf(row, row, { ...row, objects: [] });
    expect(faults[0]).toBe(
      'line 2 (image_id "a"), image_id: the id of line 1 again, expected an id of its own',
    );
    expect(faults[1]).toContain('line 3 (image_id "a"), image_id: the id of line 1 again');
  });

  it.each([
    ["three numbers", [1, 2, 3], "objects[0].bbox: [1,2,3], expected four finite numbers"],
    ["five numbers", [1, 2, 3, 4, 5], "objects[0].bbox: [1,2,3,4,5], expected four finite numbers"],
    ["a number as text", [1, 2, "3", 4], 'objects[0].bbox[2]: "3", expected a finite number'],
    ["no list", 4, "objects[0].bbox: 4, expected four finite numbers"],
    [
      "a box upside down",
      [1, 9, 3, 4],
      "objects[0].bbox: [1,9,3,4], expected x1 <= x2 and y1 <= y2",
    ],
    [
      "a box out of order",
      [9, 1, 3, 4],
      "objects[0].bbox: [9,1,3,4], expected x1 <= x2 and y1 <= y2",
    ],
    [
      "a box too wide",
      [0, 0, 40.5, 4],
      "objects[0].bbox: [0,0,40.5,4], expected a box inside the image (40 x 30)",
    ],
    [
      "a box too deep",
      [0, 0, 4, 31],
      "objects[0].bbox: [0,0,4,31], expected a box inside the image (40 x 30)",
    ],
    [
      "a box left of it",
      [-1, 0, 4, 3],
      "objects[0].bbox: [-1,0,4,3], expected a box inside the image (40 x 30)",
    ],
    [
      "a box above it",
      [0, -1, 4, 3],
      "objects[0].bbox: [0,-1,4,3], expected a box inside the image (40 x 30)",
    ],
  ])("of %s", async (_, bbox, expected) => {
    const objects = [{ id: "cup.1", bbox }];
    expect(await faultsOf({ ...row, objects, relationships: [] })).toEqual([
      `line 1 (image_id "a"), ${expected}`,
    ]);
  });

  it("of a number that is not finite", async () => {
    const line = JSON.stringify(row).replace("[0,0,10,10]", "[0,0,1e999,10]");
    expect(await faultsOf(line)).toEqual([
      'line 1 (image_id "a"), objects[0].bbox[2]: Infinity, expected a finite number',
    ]);
  });

  it("of a box that fills the image to its edges: none", async () => {
    const objects = [{ id: "wall.1", bbox: [0, 0, 40, 30] }];
    expect(await faultsOf({ ...row, objects, relationships: [] })).toEqual([]);
  });

  it("of a relation to an unknown id, at either end", async () => {
    const relationships = [{ subject: "cat.9", predicate: "on", object: "cup.2" }];
    expect(await faultsOf({ ...row, relationships })).toEqual([
      'line 1 (image_id "a"), relationships[0].subject: unknown id "cat.9", expected the id of an object of the same row',
      'line 1 (image_id "a"), relationships[0].object: unknown id "cup.2", expected the id of an object of the same row',
    ]);
  });

  it("of an object id that two objects have", async () => {
    const objects = [...row.objects, { id: "cup.1", bbox: [1, 1, 2, 2] }];
    expect(await faultsOf({ ...row, objects })).toEqual([
      'line 1 (image_id "a"), objects[2].id: "cup.1" again, expected an id of its own (objects[0] has it)',
    ]);
  });

  it.each([
    [
      "an id without a number",
      { objects: [{ id: "cup", bbox: [0, 0, 1, 1] }] },
      'objects[0].id: "cup", expected name.number, for example person.1',
    ],
    ["missing objects", { objects: undefined }, "objects: nothing, expected a list"],
    [
      "objects in a broken string",
      { objects: "[{" },
      "objects: broken JSON (Expected property name or '}' in JSON at position 2 (line 1 column 3)), expected a list, or a JSON string of one",
    ],
    [
      "a missing predicate",
      { relationships: [{ subject: "cup.1", object: "cup.1" }] },
      "relationships[0].predicate: nothing, expected a string",
    ],
    [
      "an empty predicate",
      { relationships: [{ subject: "cup.1", predicate: "", object: "cup.1" }] },
      'relationships[0].predicate: "", expected some text',
    ],
    ["a width of nothing", { width: 0 }, "width: 0, expected more than 0"],
    ["a width of text", { width: "40" }, 'width: "40", expected a whole number'],
    ["a width beyond all", { width: 2 ** 60 }, `width: ${2 ** 60}, expected a smaller number`],
    [
      "a missing size without an image",
      { width: undefined },
      "image_path: nothing, expected it, or width and height",
    ],
    [
      "an image in the row itself",
      { image: { bytes: "" } },
      'image: {"bytes":""}, expected the path of an image',
    ],
  ])("of %s", async (_, part, expected) => {
    expect(await faultsOf({ ...row, relationships: [], ...part })).toEqual([
      `line 1 (image_id "a"), ${expected}`,
    ]);
  });

  it("of bytes that are not UTF-8, where a name would have changed unseen", async () => {
    const path = await rowsFile(await temporaryFolder(), []);
    const latin1 = Buffer.from(`${JSON.stringify(row).replace("cup.1", "caf\xe9.1")}\n`, "latin1");
    await writeFile(path, Buffer.concat([latin1, Buffer.from(JSON.stringify(row))]));
    const { faults, rows } = await checkDataset(path, { images: false });
    expect([rows, faults.map(faultText)]).toEqual([
      2,
      ["line 1: bytes that are not UTF-8, expected text in UTF-8"],
    ]);
  });

  it("of a value too deep to be put in words, and of one too long", async () => {
    const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
    const text = JSON.stringify({ ...row, objects: 0 }).replace(":0", `:${deep}`);
    const [first] = await faultsOf(text);
    expect(first).toMatch(/^line 1 \(image_id "a"\), objects\[0\]: \[{30}.*…, expected an object$/);
    const [long] = await faultsOf({ ...row, image_id: "x".repeat(1e6), width: -1 });
    expect(long).toBe(`line 1 (image_id "${"x".repeat(56)}…), width: -1, expected more than 0`);
  });

  it("once a field, and of more faults than fit on a stack", async () => {
    expect(await faultsOf({ ...row, image_id: [] })).toEqual([
      "line 1, image_id: [], expected a string",
    ]);
    const objects = Array.from({ length: 200_000 }, (_, at) => ({
      id: `a.${at}`,
      bbox: [1, 0, 0, 0],
    }));
    expect(await faultsOf({ ...row, objects, relationships: [] })).toHaveLength(200_000);
  });

  it("with signs that would steer a terminal written out", async () => {
    const [fault] = await faultsOf("\u001b[2Jgone");
    expect(fault).toContain('"\\u001b[2Jgone" is not valid JSON');
    const [id] = await faultsOf({ ...row, image_id: "a\u009b2J", width: 1.5 });
    expect(id).toBe('line 1 (image_id "a\\u009b2J"), width: 1.5, expected a whole number');
  });

  it("of null where nothing may stand: none", async () => {
    const nulls = { image: null, image_path: null, think: null, prompt_open: null };
    expect(await faultsOf({ ...row, ...nulls, prompt_close: null })).toEqual([]);
    expect(await faultsOf({ ...row, objects: null, relationships: [] })).toEqual([
      'line 1 (image_id "a"), objects: nothing, expected a list',
    ]);
  });

  it("of a line that is no object", async () => {
    expect(await faultsOf("[1]")).toEqual(["line 1: [1], expected an object"]);
  });

  it("gathers every fault of every row", async () => {
    const objects = [{ id: "cup.1", bbox: [9, 0, 1, 1] }];
    const faults = await faultsOf({ ...row, objects }, { ...row, image_id: "b", width: 5 });
    expect(faults.map((fault) => fault.split(":")[0])).toEqual([
      'line 1 (image_id "a"), objects[0].bbox',
      'line 1 (image_id "a"), relationships[0].object',
      'line 2 (image_id "b"), objects[0].bbox',
      'line 2 (image_id "b"), objects[1].bbox',
    ]);
  });
});
