import { appendFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { paperSampling } from "../../src/infer/chat.ts";
import { infer } from "../../src/infer/infer.ts";
import { good, imageOf, line, lines, workplace } from "./numbered-images.ts";
import { type Asked, chatAnswer, standIn } from "./stand-in-server.ts";

describe("infer asks", () => {
  it("with system and user message, the image before the text, and the sampling", async () => {
    const { folder, rowsOf, options } = await workplace();
    const server = await standIn(good);
    const sampling = { ...paperSampling, logit_bias: { "9": -100 } };
    await infer(options({ rows: await rowsOf(1), urls: [`${server.url}/`], sampling }));
    const url = `data:image/png;base64,${(await readFile(join(folder, "0.png"))).toString("base64")}`;
    expect(server.asked).toEqual([
      {
        method: "POST",
        path: "/v1/chat/completions",
        body: {
          model: "tiny",
          messages: [
            { role: "system", content: "Be brief." },
            {
              role: "user",
              content: [
                { type: "image_url", image_url: { url } },
                { type: "text", text: "Draw\n" },
              ],
            },
          ],
          temperature: 0.01,
          top_k: 1,
          top_p: 0.001,
          max_tokens: 2048,
          logit_bias: { "9": -100 },
        },
      },
    ]);
  });

  it("no more at a time than allowed, of each server", async () => {
    const { rowsOf, written, options } = await workplace();
    const six = Promise.withResolvers<void>();
    let waiting = 0;
    const together = async (asked: Asked) => {
      waiting += 1;
      if (waiting === 6) six.resolve();
      await six.promise;
      return good(asked);
    };
    const [a, b] = [await standIn(together), await standIn(together)];
    await infer(options({ rows: await rowsOf(12), urls: [a.url, b.url] }));
    expect([a.most(), b.most(), a.asked.length + b.asked.length]).toEqual([3, 3, 12]);
    expect(await written()).toBe(lines(12));
  });

  it("a faster server for more", async () => {
    const { rowsOf, options } = await workplace();
    const nearlyDone = Promise.withResolvers<void>();
    const quick = await standIn((asked, count) => {
      if (count === 13) nearlyDone.resolve();
      return good(asked);
    });
    const slow = await standIn(async (asked) => {
      await nearlyDone.promise;
      return good(asked);
    });
    await infer(options({ rows: await rowsOf(16), urls: [quick.url, slow.url] }));
    expect([quick.asked.length, slow.asked.length]).toEqual([13, 3]);
  });
});

describe("infer writes", () => {
  it("rows in their order, whatever order the answers come in", async () => {
    const { rowsOf, written, options } = await workplace();
    const server = await standIn((asked) => ({
      ...good(asked),
      delayMs: (imageOf(asked) % 3) * 15,
    }));
    const seen: number[] = [];
    const onProgress = ({ answered }: { answered: number }) => void seen.push(answered);
    const end = await infer(options({ rows: await rowsOf(7), urls: [server.url], onProgress }));
    expect(await written()).toBe(lines(7));
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7]);
    const servers = [{ url: server.url, answered: 7, failures: 0 }];
    expect(end).toEqual({ of: 7, kept: 0, answered: 7, unanswered: [], servers });
  });

  it("an empty answer as the empty text", async () => {
    const { rowsOf, written, options } = await workplace();
    const server = await standIn(() => ({ body: chatAnswer(null) }));
    await infer(options({ rows: await rowsOf(1), urls: [server.url] }));
    expect(await written()).toBe(line(0, ""));
  });

  it("nothing that is written already, and mends a torn last line", async () => {
    const { out, rowsOf, written, options } = await workplace();
    const rows = await rowsOf(5);
    const server = await standIn(good);
    await infer(options({ rows: rows.slice(0, 2), urls: [server.url] }));
    await appendFile(out, line(2).slice(0, 12));
    const end = await infer(options({ rows, urls: [server.url] }));
    expect(await written()).toBe(lines(5));
    expect(server.asked.map(imageOf).sort()).toEqual([0, 1, 2, 3, 4]);
    expect(end).toMatchObject({ of: 5, kept: 2, answered: 3 });
    await infer(options({ rows, urls: [server.url] }));
    expect(server.asked).toHaveLength(5);
  });

  it("answers in their order also where a kill has left them as they came", async () => {
    const { out, rowsOf, written, options } = await workplace();
    const rows = await rowsOf(5);
    const server = await standIn(good);
    await mkdir(dirname(out));
    await writeFile(out, `${line(4)}${line(1)}${line(3).slice(0, -1)}`);
    const end = await infer(options({ rows, urls: [server.url] }));
    expect(await written()).toBe(lines(5));
    expect([end.kept, server.asked.map(imageOf).sort()]).toEqual([2, [0, 2, 3]]);
  });

  it("after a last line that ended in rubbish", async () => {
    const { out, rowsOf, written, options } = await workplace();
    const rows = await rowsOf(2);
    const server = await standIn(good);
    await infer(options({ rows: rows.slice(0, 1), urls: [server.url] }));
    await appendFile(out, '{"image_id": "i1", "resp\n');
    await infer(options({ rows, urls: [server.url] }));
    expect(await written()).toBe(lines(2));
  });

  it.each([
    ["another image", line(4), 'line 1 is of image "i4", expected an image of the dataset'],
    [
      "more than the dataset",
      lines(3),
      'line 3 is of image "i2", expected an image of the dataset',
    ],
    ["two answers", `${line(1)}${line(1)}`, 'line 2: a second answer to "i1", expected one'],
    ["somebody's notes", "do not forget\n", /line 1: broken JSON \(.*\), expected a JSON object/],
    ["notes without an end", "do not forget", /line 1: broken JSON \(.*\), expected a JSON object/],
    ["something else", `[1]\n`, "line 1: Invalid input: expected object, received array"],
  ])("not behind a file of %s", async (_, text, said) => {
    const { out, rowsOf, written, options } = await workplace();
    const rows = await rowsOf(2);
    const server = await standIn(good);
    await mkdir(dirname(out));
    await writeFile(out, text);
    const error = infer(options({ rows, urls: [server.url] }));
    await expect(error).rejects.toThrow(`Cannot continue "${out}": `);
    await expect(error).rejects.toThrow(said);
    expect([await written(), server.asked.length]).toEqual([text, 0]);
  });
});
