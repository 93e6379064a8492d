import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { psg } from "../../src/core/classes/psg.ts";
import { vg150 } from "../../src/core/classes/vg150.ts";
import type { Row } from "../../src/data/row.ts";
import { readUserPrompt } from "../../src/data/user-prompt.ts";
import { temporaryFolder } from "./rows-file.ts";

const row: Row = {
  ...{ image_id: "a", width: 500, height: 375 },
  objects: [
    { id: "man.1", bbox: [1, 2, 250, 375] },
    { id: "dog.2", bbox: [0, 0, 500, 100] },
  ],
  relationships: [],
};

describe("readUserPrompt", () => {
  it("gives the release's open prompt, whatever the row brings", async () => {
    const open = await readUserPrompt("open");
    const asked = { ...row, prompt_open: "Mine", prompt_close: "Mine" };
    const hash = createHash("sha256").update(open.textOf(asked)).digest("hex");
    expect(hash).toMatch(/^d5146552fb62/);
    expect([open.name, open.version, open.sourceOf(asked)]).toEqual([
      "open",
      "d5146552",
      "release",
    ]);
  });

  it("gives a closed prompt with the classes as Python's json.dumps writes them", async () => {
    for (const [name, { objects, predicates }] of [
      ["closed-vg150", vg150],
      ["closed-psg", psg],
    ] as const) {
      const closed = await readUserPrompt(name);
      const text = closed.textOf(row);
      expect(closed.sourceOf(row)).toBe("ours");
      for (const names of [objects, predicates])
        expect(text).toContain(`\`["${names.join('", "')}"]\``);
      expect(text).not.toMatch(/_CLASSES\}/);
      expect(text).toMatch(/generate the complete scene graph for the provided image:\n$/);
    }
    const [a, b] = [await readUserPrompt("closed-vg150"), await readUserPrompt("closed-psg")];
    expect(a.version).not.toBe(b.version);
  });

  it("is not yet the release's closed prompt, and says so", async () => {
    const known = [
      "cd2985d0e5f0d824e923fd1a3cb55d285be82ba008eebc3c98282361a63cb346",
      "a7c02b69315653fddde94d25955ca869912f3a7c393894f08143dcaa9c44f08b",
    ];
    for (const name of ["closed-vg150", "closed-psg"]) {
      const { textOf, sourceOf } = await readUserPrompt(name);
      const hash = createHash("sha256").update(textOf(row)).digest("hex");
      expect(sourceOf(row)).toBe(known.includes(hash) ? "release" : "ours");
    }
  });

  it("prefers the data set's own closed prompt, without size and answer tags", async () => {
    const closed = await readUserPrompt("closed-vg150");
    const prompt_close =
      "Generate a graph for an image of size (500 x 375) using:\n<answer>\n{}\n</answer>\n of size (1 x 2) ";
    const asked = { ...row, prompt_close };
    expect(closed.textOf(asked)).toBe(
      "Generate a graph for an image using:\n```json\n{}\n```\n of size (1 x 2) ",
    );
    expect(closed.sourceOf(asked)).toBe("dataset");
  });

  it("fills a list of one's own into the closed prompt, and asks for it", async () => {
    const classes = { objects: ["cup", "$& café"], predicates: ["on"] };
    const closed = await readUserPrompt("closed", classes);
    expect(closed.textOf(row)).toContain('object set: `["cup", "$& caf\\u00e9"]`.');
    await expect(readUserPrompt("closed")).rejects.toThrow(
      "it asks for classes, expected closed-vg150, closed-psg, or a list of classes",
    );
  });

  it("lists the objects for the task cls, boxes in thousandths", async () => {
    expect((await readUserPrompt("cls")).textOf(row)).toContain(
      '```json\n[\n{"id": "man.1", "bbox": [2, 5, 500, 1000]},\n{"id": "dog.2", "bbox": [0, 0, 1000, 266]}\n]\n```',
    );
    expect((await readUserPrompt("det")).textOf(row)).not.toContain("relationship");
  });

  it("takes a user's own file as it stands", async () => {
    const path = join(await temporaryFolder(), "mine.md");
    await writeFile(path, "Use <answer>, {OBJECTS} and a { brace }.\n");
    const mine = await readUserPrompt(path);
    expect(mine.textOf({ ...row, objects: [], prompt_close: "no" })).toBe(
      "Use <answer>, [\n\n] and a { brace }.\n",
    );
    expect([mine.name, mine.sourceOf(row)]).toEqual(["mine", "user"]);
  });
});
