import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, it } from "vitest";
import { readLines } from "../../src/data/lines.ts";

/** The lines of a file that holds these bytes, each with what its bytes are. */
async function linesOf(content: string | Buffer) {
  const folder = await mkdtemp(join(tmpdir(), "r1sgg-lines-"));
  const path = join(folder, "lines");
  await writeFile(path, content);
  try {
    const whole = await readFile(path);
    const lines = [];
    for await (const { number, text, start, bytes } of readLines(path))
      lines.push({ number, text, raw: whole.subarray(start, start + bytes).toString("utf8") });
    return lines;
  } finally {
    await rm(folder, { recursive: true });
  }
}

it("counts blank lines, leaves them out and says in which bytes a line lies", async () => {
  expect(await linesOf("\uFEFFä\n\n  \n😀 b\r\nlast")).toEqual([
    { number: 1, text: "ä", raw: "\uFEFFä" },
    { number: 4, text: "😀 b\r", raw: "😀 b\r" },
    { number: 5, text: "last", raw: "last" },
  ]);
});

it("splits at \\n alone", async () => {
  expect((await linesOf("a\u2028b\u0085c\n")).map(({ text }) => text)).toEqual(["a\u2028b\u0085c"]);
});

it("reads a line that is longer than what is read at once", async () => {
  const long = "é".repeat(300_000);
  expect((await linesOf(`${long}\nend`)).map(({ text }) => text.length)).toEqual([300_000, 3]);
});

it("gives what String.split does", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.string({ unit: "binary-ascii" })), async (texts) => {
      const lines = texts.map((text) => text.replaceAll("\n", " "));
      const wanted = lines.flatMap((text, i) =>
        text.trim() === "" ? [] : [{ number: i + 1, text, raw: text }],
      );
      expect(await linesOf(lines.join("\n"))).toEqual(wanted);
    }),
    { numRuns: 50 },
  );
});
