import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { familyNamed } from "../../src/core/models/families.ts";
import type { Row } from "../../src/data/row.ts";
import { paperSampling } from "../../src/infer/chat.ts";
import { type Asking, paperPixels } from "../../src/infer/question.ts";
import { keepSettings, settingsOf, settingsPath } from "../../src/infer/settings.ts";
import { temporaryFolder } from "../data/rows-file.ts";

const row = (image_id: string): Row => ({
  ...{ image_id, width: 640, height: 480, objects: [], relationships: [] },
});
const asking: Asking = {
  family: familyNamed("qwen2-vl")!,
  ...{ system: "Be brief.", prompt: (each: Row) => `Draw ${each.image_id}` },
  ...{ sampling: paperSampling, pixels: { ...paperPixels, resize: "here" } },
};
const rows = [row("a"), row("b")];

describe("keepSettings", () => {
  it("writes what a file is begun with, and lets it go on with the same", async () => {
    const out = join(await temporaryFolder(), "p.jsonl");
    await keepSettings(out, settingsOf(rows, "m", asking), false);
    expect(JSON.parse(await readFile(settingsPath(out), "utf8"))).toEqual({
      ...{ model: "m", family: "qwen2-vl", sampling: paperSampling },
      pixels: { minPixels: 3136, maxPixels: 802816, resize: "here" },
      system: expect.stringMatching(/^[0-9a-f]{16}$/),
      prompts: expect.stringMatching(/^[0-9a-f]{16}$/),
      dataset: expect.stringMatching(/^2 images [0-9a-f]{16}$/),
    });
    await keepSettings(out, settingsOf([...rows], "m", { ...asking }), true);
  });

  it.each<[string, readonly Row[], string, Partial<Asking>]>([
    ["model", rows, "n", {}],
    ["family", rows, "m", { family: familyNamed("qwen2.5-vl")! }],
    ["sampling.top_k", rows, "m", { sampling: { ...paperSampling, top_k: 50 } }],
    ["sampling.logit_bias.9", rows, "m", { sampling: { ...paperSampling, logit_bias: { 9: -1 } } }],
    [
      "pixels.maxPixels",
      rows,
      "m",
      { pixels: { minPixels: 3136, maxPixels: 9999, resize: "here" } },
    ],
    ["pixels.resize", rows, "m", { pixels: { ...paperPixels, resize: "server" } }],
    ["system", rows, "m", { system: "Think." }],
    ["prompts", rows, "m", { prompt: "Draw" }],
    ["dataset", [row("a"), { ...row("b"), width: 641 }], "m", {}],
  ])("refuses another %s by its name", async (name, others, model, part) => {
    const out = join(await temporaryFolder(), "p.jsonl");
    await keepSettings(out, settingsOf(rows, "m", asking), false);
    const settings = settingsOf(others, model, { ...asking, ...part });
    await expect(keepSettings(out, settings, true)).rejects.toThrow(
      new RegExp(`^Cannot continue "${out}": it was made with ${name} .+ instead of .+, expected`),
    );
  });

  it("refuses a file whose settings nobody knows", async () => {
    const out = join(await temporaryFolder(), "p.jsonl");
    const settings = settingsOf(rows, "m", asking);
    await expect(keepSettings(out, settings, true)).rejects.toThrow(
      `Cannot continue "${out}": no "${out}.settings.json" beside it, expected the same settings, or another --out`,
    );
    await writeFile(settingsPath(out), "{");
    await expect(keepSettings(out, settings, true)).rejects.toThrow(
      `Cannot continue "${out}": no settings in "${settingsPath(out)}"`,
    );
  });

  it("does not mind limits that a family has not", () => {
    const llava = { ...asking, family: familyNamed("llava-1.5")! };
    const wide = { ...llava, pixels: { ...paperPixels, resize: "server" } } as const;
    expect(settingsOf(rows, "m", wide)).toEqual(settingsOf(rows, "m", llava));
  });
});
