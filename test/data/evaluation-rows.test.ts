import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readComparedRows, readEvaluationRows } from "../../src/data/evaluation-rows.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "r1sgg-rows-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const write = async (name: string, lines: readonly unknown[]): Promise<string> => {
  const path = join(folder, name);
  const texts = lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line)));
  await writeFile(path, texts.join("\n"));
  return path;
};
const row = (image_id: string) => ({
  image_id,
  width: 10,
  height: 10,
  objects: [],
  relationships: [],
});
const said = (image_id: string, more = {}) => ({
  image_id,
  response: `{"objects": [], "relationships": [], "id": "${image_id}"}`,
  box_scale: [1000, 1000],
  ...more,
});

async function read(images: readonly string[], predictions: string) {
  const dataset = await write("data.jsonl", images.map(row));
  const rows = [];
  for await (const { target, answer, prediction } of readEvaluationRows(dataset, predictions))
    rows.push([target.image_id, answer?.image_id, prediction?.ok]);
  return rows;
}

describe("readEvaluationRows", () => {
  it("joins answers to images in whatever order they come", async () => {
    const ids = ["a", "b", "c", "d", "e", "f"];
    const orders = fc.tuple(
      fc.shuffledSubarray(ids, { minLength: 6 }),
      fc.shuffledSubarray(ids, { minLength: 0 }),
    );
    await fc.assert(
      fc.asyncProperty(orders, async ([images, answered]) => {
        const path = await write(
          "said.jsonl",
          answered.map((id) => said(id)),
        );
        const wanted = images.map((id) =>
          answered.includes(id) ? [id, id, true] : [id, undefined, undefined],
        );
        expect(await read(images, path)).toEqual(wanted);
      }),
      { numRuns: 60 },
    );
  });

  it("joins the files of a folder", async () => {
    await mkdir(join(folder, "said"));
    for (const id of ["b", "a"]) await write(`said/${id}.json`, [said(id)]);
    expect(await read(["a", "b", "c"], join(folder, "said"))).toEqual([
      ["a", "a", true],
      ["b", "b", true],
      ["c", undefined, undefined],
    ]);
  });

  it("takes 1000 x 1000 where an answer has no box_scale, and says that it has none", async () => {
    const dataset = await write("data.jsonl", [row("a")]);
    const { box_scale: _none, ...bare } = said("a", {
      response: '{"objects": [{"id": "cat.1", "bbox": [0, 0, 500, 1000]}], "relationships": []}',
    });
    for await (const one of readEvaluationRows(dataset, await write("said.jsonl", [bare]))) {
      expect(one.answer?.box_scale).toBeUndefined();
      expect(one.prediction).toMatchObject({ graph: { objects: [{ bbox: [0, 0, 5, 10] }] } });
    }
  });

  it("tells all faults of the answers at the end", async () => {
    const path = await write("said.jsonl", [said("b"), "{", said("a"), said("b"), { image_id: 1 }]);
    await expect(read(["a", "b"], path)).rejects.toThrow(
      /Cannot load ".*said.jsonl": 3 faults, expected none\n {2}line 2: broken JSON .*\n {2}line 4: a second answer to "b", expected one\n {2}line 5: image_id: /,
    );
  });

  it("refuses answers to images that are not there", async () => {
    const path = await write("said.jsonl", [said("x"), said("a"), said("y")]);
    await expect(read(["a"], path)).rejects.toThrow(
      /2 faults, expected none\n {2}"x" is no image of the dataset\n {2}"y" is no image of the dataset/,
    );
  });

  it("tells the faults of the dataset", async () => {
    const path = await write("said.jsonl", [said("a")]);
    await expect(read(["a", "a"], path)).rejects.toThrow(/Cannot load ".*data.jsonl": 1 fault/);
  });

  it("names predictions that are not there", async () => {
    await expect(read(["a"], join(folder, "nothing"))).rejects.toThrow(
      /Cannot load ".*nothing": nothing there, expected predictions.jsonl or a folder/,
    );
  });
});

describe("readComparedRows", () => {
  it("gives each image with its answer in each file, in whatever order they come", async () => {
    const dataset = await write("data.jsonl", ["a", "b", "c"].map(row));
    const files = [
      await write(
        "one.jsonl",
        ["c", "a"].map((id) => said(id)),
      ),
      await write(
        "two.jsonl",
        ["b", "c", "a"].map((id) => said(id)),
      ),
    ];
    const rows = [];
    for await (const { target, answers } of readComparedRows(dataset, files))
      rows.push([target.image_id, ...answers.map((answer) => answer?.image_id)]);
    expect(rows).toEqual([
      ["a", "a", "a"],
      ["b", undefined, "b"],
      ["c", "c", "c"],
    ]);
  });

  it("tells of a stray in any of the files", async () => {
    const dataset = await write("data.jsonl", [row("a")]);
    const files = [
      await write("one.jsonl", [said("a")]),
      await write("two.jsonl", [said("a"), said("z")]),
    ];
    const reading = async () => {
      for await (const _ of readComparedRows(dataset, files));
    };
    await expect(reading()).rejects.toThrow(
      'two.jsonl": 1 fault, expected none\n  "z" is no image',
    );
  });
});
