import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { SggError } from "../../src/errors.ts";
import { type InferOptions, infer } from "../../src/infer/infer.ts";
import { unansweredPath } from "../../src/infer/unanswered.ts";
import { good, imageOf, line, lines, sampler, workplace } from "./numbered-images.ts";
import { chatAnswer, type Reply } from "./stand-in-server.ts";

describe("infer tries again", () => {
  it.each<[string, Reply]>([
    ["a 500", { status: 500, body: { error: { message: "engine hiccup" } } }],
    ["a 503 without a body", { status: 503 }],
    ["a 408", { status: 408 }],
    ["a 429", { status: 429, headers: { "retry-after": "0" } }],
    ["a connection that is cut before the answer", { tear: "before" }],
    ["a connection that is cut in the answer", { tear: "inside", body: chatAnswer("half") }],
    ["an answer that is no JSON", { body: "<html>" }],
    ["an answer without choices", { body: { choices: [] } }],
    ["an answer that is no text", { body: { choices: [{ message: { content: 7 } }] } }],
  ])("after %s, behind the other images", async (_, bad) => {
    const { rowsOf, written, options } = await workplace();
    const server = await sampler((asked, count) => (count === 2 ? bad : good(asked)));
    const said: string[] = [];
    const say = (text: string) => void said.push(text);
    const rows = await rowsOf(4);
    const end = await infer(options({ rows, urls: [server.url], say, concurrency: 1 }));
    expect([await written(), server.asked.map(imageOf)]).toEqual([lines(4), [0, 1, 2, 3, 1]]);
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(/^http:\S+ (answered|broke off) .+: asked again in \d\.\d s$/);
    expect(end.servers).toEqual([{ url: server.url, answered: 4, failures: 1 }]);
  });

  it("after an answer that does not come", async () => {
    const { rowsOf, written, options } = await workplace();
    const server = await sampler((asked, count) => ({
      ...good(asked),
      ...(count === 1 && { delayMs: 9000 }),
    }));
    await infer(options({ rows: await rowsOf(1), urls: [server.url], timeoutMs: 1500 }));
    expect([await written(), server.asked.length]).toEqual([lines(1), 2]);
  });

  it.each([
    ["seconds", () => "0.2", 190],
    ["a date", () => new Date(Date.now() + 2000).toUTCString(), 900], // cut to whole seconds
  ])("no sooner than Retry-After says in %s", async (_, header, leastMs) => {
    const { rowsOf, options } = await workplace();
    const server = await sampler((asked, count) =>
      count === 1 ? { status: 429, headers: { "retry-after": header() } } : good(asked),
    );
    const start = performance.now();
    await infer(options({ rows: await rowsOf(1), urls: [server.url] }));
    expect(performance.now() - start).toBeGreaterThan(leastMs);
  });

  it("as often as a server says that it is busy: that is not the image's fault", async () => {
    const { rowsOf, written, options } = await workplace();
    const server = await sampler((asked, count) => (count <= 12 ? { status: 429 } : good(asked)));
    const end = await infer(options({ rows: await rowsOf(2), urls: [server.url], concurrency: 1 }));
    expect([await written(), end.unanswered]).toEqual([lines(2), []]);
  });
});

describe("infer leaves an image out", () => {
  it("after five tries, lists it with the reason, and asks it again the next time", async () => {
    const { out, rowsOf, written, options } = await workplace();
    const rows = await rowsOf(9);
    let mended = false;
    const bad = { status: 500, body: { error: { message: "engine is dead" } } };
    const server = await sampler((asked) => (imageOf(asked) === 2 && !mended ? bad : good(asked)));
    const end = await infer(options({ rows, urls: [server.url] }));
    const others = lines(9).replace(line(2), "");
    const reason = `${server.url} answered 500 (engine is dead), after 5 tries`;
    expect([await written(), server.asked.length]).toEqual([others, 13]);
    expect(end).toMatchObject({ of: 9, kept: 0, answered: 8 });
    expect(end.unanswered).toEqual([{ image_id: "i2", reason }]);
    const list = await readFile(unansweredPath(out), "utf8");
    expect(list).toBe(`${JSON.stringify({ image_id: "i2", reason })}\n`);
    mended = true;
    const later = await infer(options({ rows, urls: [server.url] }));
    expect(later).toMatchObject({ of: 9, kept: 8, answered: 1, unanswered: [] });
    expect([await written(), server.asked.length]).toEqual([lines(9), 14]);
    await expect(readFile(unansweredPath(out))).rejects.toThrow("ENOENT");
  });

  it.each([
    [400, { error: { message: "too long", code: 400 } }, "answered 400 (too long)"],
    [413, "", "answered 413 (an empty body)"],
    [422, { detail: [{ loc: ["body"] }] }, 'answered 422 ([{"loc":["body"]}])'],
  ])("at once on %i", async (status, body, said) => {
    const { rowsOf, written, options } = await workplace();
    const server = await sampler((asked) =>
      imageOf(asked) === 1 ? { status, body } : good(asked),
    );
    const { unanswered } = await infer(options({ rows: await rowsOf(3), urls: [server.url] }));
    expect(unanswered).toEqual([{ image_id: "i1", reason: `${server.url} ${said}` }]);
    expect([await written(), server.asked.length]).toEqual([`${line(0)}${line(2)}`, 3]);
  });

  it("and lists several in the order of the rows, whichever was given up first", async () => {
    const { rowsOf, options } = await workplace();
    const late = Promise.withResolvers<void>();
    const server = await sampler(async (asked) => {
      if (imageOf(asked) === 2) late.resolve();
      else if (imageOf(asked) === 0) await late.promise;
      return imageOf(asked) === 1 ? good(asked) : { status: 400 };
    });
    const { unanswered } = await infer(options({ rows: await rowsOf(3), urls: [server.url] }));
    expect(unanswered.map(({ image_id }) => image_id)).toEqual(["i0", "i2"]);
  });

  it("that its model does not take, without asking", async () => {
    const { rowsOf, options } = await workplace();
    const server = await sampler(good);
    const [one, other] = await rowsOf(2);
    const long = { ...other!, width: 6000 };
    const { unanswered } = await infer(options({ rows: [one!, long], urls: [server.url] }));
    expect(unanswered[0]?.reason).toContain("qwen2-vl takes no image like it: an image 6000 x 2");
    expect(server.asked).toHaveLength(1);
  });

  it("and goes on past ten of them once one was answered, in an earlier run too", async () => {
    const { rowsOf, options } = await workplace();
    const rows = await rowsOf(20);
    const server = await sampler((asked) => (imageOf(asked) > 3 ? { status: 400 } : good(asked)));
    const asking = options({ rows, urls: [server.url], concurrency: 1 });
    expect((await infer(asking)).unanswered).toHaveLength(16);
    expect((await infer(asking)).unanswered).toHaveLength(16);
  });
});

describe("infer gives up", () => {
  async function failure(options: InferOptions): Promise<SggError> {
    const error = await infer(options).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(SggError);
    return error as SggError;
  }

  it.each([
    [404, { detail: "Not Found" }, "answered 404 (Not Found)"],
    [401, "go away", "answered 401 (go away)"],
    [403, "", "answered 403 (an empty body)"],
  ])("at once on %i, which no image changes", async (status, body, said) => {
    const { rowsOf, options } = await workplace();
    const server = await sampler(() => ({ status, body }));
    const { code, message } = await failure(options({ rows: await rowsOf(1), urls: [server.url] }));
    expect(message).toBe(
      `Cannot go on: no server is left (${server.url} ${said}), expected one that answers`,
    );
    expect([code, server.asked.length]).toEqual(["LAUNCH", 1]);
  });

  it("when the first ten images are refused", async () => {
    const { rowsOf, options } = await workplace();
    const server = await sampler(() => ({ status: 400, body: { message: "no temperature" } }));
    const rows = await rowsOf(30);
    const { code, message } = await failure(options({ rows, urls: [server.url] }));
    expect(message).toBe(
      `Cannot go on: the first 10 images were refused, the last because ${server.url} answered 400 (no temperature), expected an answer to one`,
    );
    expect([code, server.asked.length <= 12]).toEqual(["LAUNCH", true]);
  });

  it("where nobody listens for longer than it has patience", async () => {
    const { rowsOf, options } = await workplace();
    const nobody = { rows: await rowsOf(1), urls: ["http://127.0.0.1:9"], patienceMs: 50 };
    const { message } = await failure(options(nobody));
    expect(message).toMatch(
      /^Cannot go on: no server is left \(http:\S+ cannot be reached \(.*ECONNREFUSED/,
    );
  });

  it("without waiting for a Retry-After that is beyond its patience", async () => {
    const { rowsOf, options } = await workplace();
    const busy = { status: 503, headers: { "retry-after": "3600" } };
    const server = await sampler(() => busy);
    const waiting = { rows: await rowsOf(1), urls: [server.url], patienceMs: 200 };
    expect((await failure(options(waiting))).message).toContain("answered 503");
    expect(server.asked).toHaveLength(1);
  });

  it("without a server", async () => {
    const { options } = await workplace();
    expect((await failure(options({ rows: [], urls: [] }))).code).toBe("USAGE");
  });

  it("on an image that has gone", async () => {
    const { folder, rowsOf, options } = await workplace();
    const server = await sampler(good);
    const rows = await rowsOf(1);
    const gone = { ...rows[0]!, image_path: join(folder, "gone.png") };
    expect((await failure(options({ rows: [gone], urls: [server.url] }))).code).toBe("DATA");
  });

  it("when it is told to, with the reason it was given, and can go on later", async () => {
    const { rowsOf, written, options } = await workplace();
    const controller = new AbortController();
    const reason = new SggError("ROLE", "the trainer died");
    const rows = await rowsOf(4);
    const server = await sampler(async (asked, count) => {
      if (count === 3) controller.abort(reason);
      return { ...good(asked), delayMs: count === 3 ? 5000 : 0 };
    });
    const { signal } = controller;
    const stopped = options({ rows, urls: [server.url], signal, concurrency: 1 });
    await expect(infer(stopped)).rejects.toBe(reason);
    expect(await written()).toBe(lines(2));
    await infer(options({ rows, urls: [server.url] }));
    expect(await written()).toBe(lines(4));
  });

  it("when it is told to while it waits for another try", async () => {
    const { rowsOf, options } = await workplace();
    const controller = new AbortController();
    const server = await sampler(() => ({ status: 503 }));
    const say = () => controller.abort(new Error("stop"));
    const { signal } = controller;
    const waiting = { rows: await rowsOf(1), urls: [server.url], signal, say, backoffMs: 60_000 };
    await expect(infer(options(waiting))).rejects.toThrow("stop");
    expect(server.asked).toHaveLength(1);
  });
});
