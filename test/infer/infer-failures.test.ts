import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { SggError } from "../../src/errors.ts";
import { type InferOptions, infer } from "../../src/infer/infer.ts";
import { good, imageOf, lines, workplace } from "./numbered-images.ts";
import { chatAnswer, type Reply, standIn } from "./stand-in-server.ts";

describe("infer tries again", () => {
  it.each<[string, Reply]>([
    ["a 500", { status: 500, body: { error: { message: "engine hiccup" } } }],
    ["a 503 without a body", { status: 503 }],
    ["a 429", { status: 429, headers: { "retry-after": "0" } }],
    ["a connection that is cut before the answer", { tear: "before" }],
    ["a connection that is cut in the answer", { tear: "inside", body: chatAnswer("half") }],
    ["an answer that is no JSON", { body: "<html>" }],
    ["an answer without choices", { body: { choices: [] } }],
    ["an answer that is no text", { body: { choices: [{ message: { content: 7 } }] } }],
  ])("after %s", async (_, bad) => {
    const { rowsOf, written, options } = await workplace();
    const server = await standIn((asked, count) => (count === 2 ? bad : good(asked)));
    const said: string[] = [];
    const say = (text: string) => void said.push(text);
    await infer(options({ rows: await rowsOf(4), urls: [server.url], say, concurrency: 1 }));
    expect([await written(), server.asked.length]).toEqual([lines(4), 5]);
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(
      /^http:.+completions (answered|cannot).+; trying again in \d.\d s \(2 of 5\)$/,
    );
  });

  it("after an answer that does not come", async () => {
    const { rowsOf, written, options } = await workplace();
    const server = await standIn((asked, count) => ({
      ...good(asked),
      ...(count === 1 && { delayMs: 9000 }),
    }));
    await infer(options({ rows: await rowsOf(1), urls: [server.url], timeoutMs: 1500 }));
    expect([await written(), server.asked.length]).toEqual([lines(1), 2]);
  });

  it("no sooner than Retry-After says", async () => {
    const { rowsOf, options } = await workplace();
    const server = await standIn((asked, count) =>
      count === 1 ? { status: 429, headers: { "retry-after": "0.2" } } : good(asked),
    );
    const start = performance.now();
    await infer(options({ rows: await rowsOf(1), urls: [server.url] }));
    expect(performance.now() - start).toBeGreaterThan(190);
  });
});

describe("infer gives up", () => {
  async function failure(options: InferOptions): Promise<SggError> {
    const error = await infer(options).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(SggError);
    return error as SggError;
  }

  it("after five tries, names server, status and what it said, and keeps what is written", async () => {
    const { rowsOf, written, options } = await workplace();
    const bad = { status: 500, body: { error: { message: "engine is dead" } } };
    const server = await standIn((asked) => (imageOf(asked) === 2 ? bad : good(asked)));
    const error = await failure(
      options({ rows: await rowsOf(9), urls: [server.url], concurrency: 1 }),
    );
    expect(error.code).toBe("LAUNCH");
    expect(error.message).toBe(
      `Cannot ask "${server.url}/v1/chat/completions": it answered 500 (engine is dead) after 5 tries, expected an answer`,
    );
    expect([await written(), server.asked.length]).toEqual([lines(2), 7]);
  });

  it.each([
    [400, { error: { message: "too long", code: 400 } }, "answered 400 (too long)"],
    [404, { detail: "Not Found" }, "answered 404 (Not Found)"],
    [422, { detail: [{ loc: ["body"] }] }, 'answered 422 ([{"loc":["body"]}])'],
    [401, "go away", "answered 401 (go away)"],
  ])("at once on %i", async (status, body, said) => {
    const { rowsOf, options } = await workplace();
    const server = await standIn(() => ({ status, body }));
    const { message } = await failure(options({ rows: await rowsOf(1), urls: [server.url] }));
    expect(message).toContain(`it ${said}, expected`);
    expect(server.asked).toHaveLength(1);
  });

  it("for all requests at once", async () => {
    const { rowsOf, options } = await workplace();
    const server = await standIn((asked) =>
      imageOf(asked) === 1 ? { status: 400 } : { ...good(asked), delayMs: 60_000 },
    );
    const { message } = await failure(options({ rows: await rowsOf(3), urls: [server.url] }));
    expect(message).toContain("it answered 400 (an empty body), expected");
  });

  it("where nobody listens", async () => {
    const { rowsOf, options } = await workplace();
    const error = await failure(options({ rows: await rowsOf(1), urls: ["http://127.0.0.1:9"] }));
    expect(error.message).toMatch(/it cannot be reached \(.*ECONNREFUSED.*\) after 5 tries/);
  });

  it("without a server", async () => {
    const { options } = await workplace();
    expect((await failure(options({ rows: [], urls: [] }))).code).toBe("USAGE");
  });

  it("on an image that has gone", async () => {
    const { folder, rowsOf, options } = await workplace();
    const server = await standIn(good);
    const rows = await rowsOf(1);
    const gone = { ...rows[0]!, image_path: join(folder, "gone.png") };
    expect((await failure(options({ rows: [gone], urls: [server.url] }))).code).toBe("DATA");
  });

  it("when it is told to, with the reason it was given, and can go on later", async () => {
    const { rowsOf, written, options } = await workplace();
    const controller = new AbortController();
    const reason = new SggError("ROLE", "the trainer died");
    const rows = await rowsOf(4);
    const server = await standIn(async (asked, count) => {
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
    const server = await standIn(() => ({ status: 503 }));
    const say = () => controller.abort(new Error("stop"));
    const { signal } = controller;
    const waiting = { rows: await rowsOf(1), urls: [server.url], signal, say, backoffMs: 60_000 };
    await expect(infer(options(waiting))).rejects.toThrow("stop");
    expect(server.asked).toHaveLength(1);
  });
});
