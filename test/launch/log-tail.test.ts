import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { failureLines, lastLines } from "../../src/launch/log-tail.ts";
import { placeOfTail, readLog } from "../../src/launch/read-log.ts";

function logOf(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), "r1sgg-log-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "role.log");
  writeFileSync(path, text);
  return path;
}

describe("lastLines", () => {
  it.each([
    ["the last of many", "a\nb\nc\n", ["b", "c"]],
    ["a line without its end", "a\nb\nc", ["b", "c"]],
    ["no empty lines", "a\n\nb\n\n \n", ["a", "b"]],
    ["the last state of a progress bar", "a\r 10%\r100%\r\n", ["100%"]],
    ["no colours", "\x1b[31mred\x1b[0m\n", ["red"]],
    ["nothing of an empty log", "", []],
    ["a long line cut", "x".repeat(500), [`${"x".repeat(400)} ...`]],
  ])("gives %s", (_, text, lines) => {
    expect(lastLines(logOf(text), 2)).toEqual(lines);
  });

  it("reads only the end of a large log, and nothing from before the start", () => {
    const path = logOf(`${"y".repeat(99)}\n`.repeat(10_000));
    expect(lastLines(path, 20)).toHaveLength(20);
    appendFileSync(path, "new\n");
    expect(lastLines(path, 20, 1_000_000)).toEqual(["new"]);
  });

  it("takes a log that is not there for empty", () => {
    expect(lastLines("/nowhere/role.log", 20)).toEqual([]);
  });
});

describe("failureLines", () => {
  const engine = "(EngineCore pid=1046) ERROR 11-26 03:55:23 [core.py:1433]";
  const root = "ModuleNotFoundError: No module named 'flashinfer'";
  const last = "RuntimeError: Engine core initialization failed. See root cause above.";
  const traceback = Array.from({ length: 60 }, (_, i) => `  File "core_client.py", line ${i}`);

  it("begins with the cause that vLLM's last words point to", () => {
    const first = `${engine} Traceback (most recent call last):`;
    const path = logOf([first, `${engine} ${root}`, ...traceback, last, ""].join("\n"));
    const shown = [traceback.at(-1)?.trimEnd(), last];
    expect(failureLines(path, 2)).toEqual([root, "...", ...shown]);
  });

  it("is the last lines where they say it themselves, or nobody does", () => {
    expect(failureLines(logOf(`${engine} ${root}\na\nb\n`), 2)).toEqual(["a", "b"]);
    expect(failureLines(logOf(`a\nb\n${last}\n`), 2)).toEqual(["b", last]);
  });
});

describe("readLog", () => {
  it("leaves a half-written line until it is whole, or final", async () => {
    const path = logOf("one\ntw");
    expect(await readLog(path, 0, false)).toEqual({ lines: ["one"], next: 4 });
    expect(await readLog(path, 4, false)).toEqual({ lines: [], next: 4 });
    expect(await readLog(path, 4, true)).toEqual({ lines: ["tw"], next: 6 });
    appendFileSync(path, "o\n\nfour\n");
    expect(await readLog(path, 4, false)).toEqual({ lines: ["two", "", "four"], next: 14 });
    expect(await readLog(path, 14, true)).toEqual({ lines: [], next: 14 });
  });

  it("reads a large log in pieces, whole lines each", async () => {
    const count = 300_000;
    const path = logOf(Array.from({ length: count }, (_, i) => `line ${i}\n`).join(""));
    const lines: string[] = [];
    for (let from = 0; ; ) {
      const piece = await readLog(path, from, true);
      lines.push(...piece.lines);
      if (piece.next === from) break;
      from = piece.next;
    }
    expect(lines).toHaveLength(count);
    expect(lines.every((line, i) => line === `line ${i}`)).toBe(true);
  });
});

describe("placeOfTail", () => {
  it.each([
    ["a\nb\nc\n", 2, 2],
    ["a\nb\nc", 2, 2],
    ["a\nb\n", 5, 0],
    ["a\nb\n", 0, 4],
    ["", 3, 0],
  ])("of %j, %i lines, is %i", async (text, count, place) => {
    expect(await placeOfTail(logOf(text), count)).toBe(place);
  });
});
