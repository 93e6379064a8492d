import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readPrompt } from "../../src/data/prompts.ts";
import { temporaryFolder } from "./rows-file.ts";

describe("readPrompt", () => {
  it("gives the release's open prompt, byte for byte", async () => {
    const { text, version } = await readPrompt("open");
    expect(createHash("sha256").update(text).digest("hex")).toBe(
      "d5146552fb621fe411b324d9f50b9288fea10b8b8afba62196d37c7280ac1a1d",
    );
    expect([text.length, version]).toEqual([1269, "d5146552"]);
  });

  it("gives system prompts without the newline of their file", async () => {
    expect((await readPrompt("system-short")).text).toBe(
      "You are a helpful and multimodal AI assistant.",
    );
    expect((await readPrompt("system-think")).text).toMatch(
      /<think> reasoning process here <\/think><answer> answer here <\/answer>$/,
    );
  });

  it("takes a user's own file, and its version changes with its text", async () => {
    const path = join(await temporaryFolder(), "mine.txt");
    await writeFile(path, "Draw it.\n");
    const { version, ...mine } = await readPrompt(path);
    expect(mine).toEqual({ name: "mine", path, text: "Draw it." });
    expect(version).toMatch(/^[0-9a-f]{8}$/);
    await writeFile(path, "Draw it!\n");
    expect((await readPrompt(path)).version).not.toBe(version);
  });

  it("lists the known names for an unknown one", async () => {
    await expect(readPrompt("opne")).rejects.toThrow(
      'Cannot find prompt "opne": unknown, expected one of closed, cls, det, open, short, system-short, system-think, or the path of a file',
    );
  });

  it("refuses a file that is missing or says nothing", async () => {
    const path = join(await temporaryFolder(), "mine.md");
    await expect(readPrompt(path)).rejects.toThrow(`Cannot read prompt "${path}": no such file`);
    await writeFile(path, "\n");
    await expect(readPrompt(path)).rejects.toThrow("nothing in it, expected a text file");
  });
});
