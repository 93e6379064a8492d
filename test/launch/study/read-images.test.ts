import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { readImages } from "../../../src/launch/study/read-images.ts";

let run: string;
beforeEach(() => {
  run = mkdtempSync(join(tmpdir(), "r1sgg-images-"));
});
afterEach(() => rmSync(run, { recursive: true, force: true }));

const image = (image_id: string) => ({
  ...{ image_id, answer: "read", relationships: 1 },
  ...{ recall: { "20": 50, "50": 50, "100": 50 }, zero_shot_recall: null },
});
const write = (name: string, ...lines: readonly unknown[]) =>
  writeFileSync(
    join(run, name),
    lines.map((one) => `${typeof one === "string" ? one : JSON.stringify(one)}\n`).join(""),
  );

it("takes the mode that is asked for, whichever of an evaluation's it was", async () => {
  expect(await readImages(run, "strict")).toBeUndefined();
  write("per-image.jsonl", image("first"));
  expect(await readImages(run, "strict")).toEqual([image("first")]);
  write("per-image-strict.jsonl", image("second"), image("third"));
  expect(await readImages(run, "strict")).toEqual([image("second"), image("third")]);
  expect(await readImages(run, "release")).toEqual([image("first")]);
});

it.each([
  ["no JSON", "{"],
  ["a line of something else", { image_id: "a", answer: "perhaps" }],
])("says where a file is none: %s", async (_, line) => {
  write("per-image.jsonl", image("a"), line);
  await expect(readImages(run, "strict")).rejects.toThrow(
    new RegExp(
      `Cannot read "${join(run, "per-image.jsonl")}": line 2: .*, expected the figures of an image a line`,
      "s",
    ),
  );
});
