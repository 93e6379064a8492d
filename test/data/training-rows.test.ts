import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { familyNamed } from "../../src/core/models/families.ts";
import { answerOf } from "../../src/data/answer.ts";
import type { Row } from "../../src/data/row.ts";
import { writeTrainingRows } from "../../src/data/training-rows.ts";
import { readUserPrompt } from "../../src/data/user-prompt.ts";
import { temporaryFolder } from "./rows-file.ts";

const row = (image_id: string, folder: string): Row => ({
  image_id,
  image_path: join(folder, "images", `${image_id}.png`),
  width: 200,
  height: 100,
  objects: [{ id: "cup.1", bbox: [1, 2, 199, 50] }],
  relationships: [],
});

const readJsonl = async (path: string) =>
  (await readFile(path, "utf8"))
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as unknown);

describe("writeTrainingRows", () => {
  it("writes prompt and answer for SFT, prompt and target for GRPO", async () => {
    const folder = await temporaryFolder();
    const rows = [row("a", folder), { ...row("b", folder), prompt_open: "not this" }];
    const out = join(folder, "data/new");
    const texts = { system: "Be brief.", prompt: "Draw\n" };
    const files = await writeTrainingRows({ rows, out, ...texts, think: "none" });
    const prompt = [
      { role: "system", content: "Be brief." },
      { role: "user", content: "Draw\n" },
    ];
    const shared = (id: string) => ({ image_id: id, image_path: `../../images/${id}.png`, prompt });
    expect(await readJsonl(files.sft)).toEqual(
      rows.map((each) => ({
        ...shared(each.image_id),
        completion: [{ role: "assistant", content: answerOf(each) }],
      })),
    );
    const { width, height, objects, relationships } = rows[0]!;
    expect(await readJsonl(files.grpo)).toEqual(
      ["a", "b"].map((image_id) => ({
        ...shared(image_id),
        target: { image_id, width, height, objects, relationships },
      })),
    );
    expect(await readdir(out)).toEqual(["grpo.jsonl", "sft.jsonl"]);
  });

  it("teaches each row's own answer to its own question", async () => {
    const out = await temporaryFolder();
    const { textOf } = await readUserPrompt("column");
    const own = { question: "Where?", answer: "There." };
    const write = (rows: readonly Row[]) =>
      writeTrainingRows({
        ...{ rows, out, system: "s", prompt: textOf, think: "none", answers: "column" },
      });
    const { sft } = await write([{ ...row("a", out), ...own }]);
    expect(await readJsonl(sft)).toMatchObject([
      {
        prompt: [{ content: "s" }, { content: "Where?" }],
        completion: [{ role: "assistant", content: "There." }],
      },
    ]);
    await expect(write([row("a", out)])).rejects.toThrow(
      'Cannot ask about "a": it has no question of its own, expected one',
    );
    await expect(write([{ ...row("a", out), question: "Where?" }])).rejects.toThrow(
      'Cannot train on "a": it has no answer of its own, expected one',
    );
  });

  it("lets the answers think first when asked to", async () => {
    const out = await temporaryFolder();
    const options = { rows: [row("a", out)], out, system: "s", prompt: "p" };
    const { sft } = await writeTrainingRows({ ...options, think: "objects" });
    const [line] = (await readJsonl(sft)) as { completion: { content: string }[] }[];
    expect(line?.completion[0]?.content).toMatch(/^<think>The image shows: cup\.<\/think>/);
  });

  it("asks each row with its own prompt, and names a task that is not the usual one", async () => {
    const out = await temporaryFolder();
    const rows = ["a", "b"].map((id) => row(id, out));
    const prompt = ({ image_id }: Row) => `Look at ${image_id}`;
    const options = { rows, out, system: "s", prompt, think: "none", task: "det" } as const;
    const { sft, grpo } = await writeTrainingRows(options);
    type Line = { prompt: { content: string }[]; completion: { content: string }[]; task: string };
    const [first, second] = (await readJsonl(sft)) as Line[];
    expect([first?.prompt[1]?.content, second?.prompt[1]?.content]).toEqual([
      ...["Look at a", "Look at b"],
    ]);
    expect(first?.completion[0]?.content).not.toContain("relationships");
    expect(((await readJsonl(grpo)) as Line[]).map(({ task }) => task)).toEqual(["det", "det"]);
  });

  it.each([
    ["qwen2-vl", undefined],
    ["qwen2.5-vl", [196, 112]], // 200 is 7.1 times 28, 100 is 3.6 times
    ["llava-1.5", [336, 336]],
    ["llava-1.6", [336, 336]],
  ])("states the box scale of %s where it is not thousandths", async (name, scale) => {
    const out = await temporaryFolder();
    const limits = { minPixels: 3136, maxPixels: 401_408 };
    const model = { family: familyNamed(name)!, limits };
    const texts = { system: "s", prompt: "p", think: "none" } as const;
    const { sft, grpo } = await writeTrainingRows({ rows: [row("a", out)], out, ...texts, model });
    const [line] = (await readJsonl(grpo)) as { box_scale?: unknown }[];
    expect(line?.box_scale).toEqual(scale);
    expect((await readJsonl(sft))[0]).not.toHaveProperty("box_scale");
  });

  it("refuses an image that the model's processor refuses", async () => {
    const out = await temporaryFolder();
    const long = { ...row("a", out), width: 9000, height: 40 };
    const limits = { minPixels: 3136, maxPixels: 401_408 };
    const model = { family: familyNamed("qwen2.5-vl")!, limits };
    const options = { rows: [long], out, system: "s", prompt: "p", think: "none", model } as const;
    await expect(writeTrainingRows(options)).rejects.toThrow(
      'Cannot train on "a": an image 9000 x 40, more than 200 times as long as wide, expected one that qwen2.5-vl takes',
    );
  });

  it("names an image that is in parquet by its row", async () => {
    const out = await temporaryFolder();
    const image_path = join(out, "data", "train.parquet#12");
    const rows = [{ ...row("a", out), image_path, coco_id: 9 }];
    const options = { rows, out, system: "s", prompt: "p", think: "none" } as const;
    const { grpo } = await writeTrainingRows(options);
    expect(await readJsonl(grpo)).toMatchObject([
      { image_path: "data/train.parquet#12", coco_id: 9 },
    ]);
  });

  it("refuses a row without an image and leaves nothing behind", async () => {
    const out = await temporaryFolder();
    const { image_path: _, ...bare } = row("a", out);
    const options = { rows: [row("b", out), bare], out, system: "s", prompt: "p" };
    await expect(writeTrainingRows({ ...options, think: "none" })).rejects.toThrow(
      'Cannot train on "a": no image, expected an image_path',
    );
    expect(await readdir(out)).toEqual([]);
  });

  it("says where it cannot write", async () => {
    const out = join(await temporaryFolder(), "x");
    const options = { rows: [], system: "s", prompt: "p", think: "none" } as const;
    const { sft } = await writeTrainingRows({ ...options, out });
    await expect(writeTrainingRows({ ...options, out: sft })).rejects.toThrow(
      /Cannot write ".*sft\.jsonl\/sft\.jsonl": .*expected a place for it/,
    );
  });
});
