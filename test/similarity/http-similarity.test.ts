import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { expect, it, onTestFinished } from "vitest";
import { httpSimilarity } from "../../src/similarity/http-similarity.ts";
import type { TermPair } from "../../src/similarity/provider.ts";

type Answer = (pairs: readonly TermPair[], nth: number) => unknown;

/** A real server on a free port, with everything that it was asked. */
async function server(answer: Answer, status: (nth: number) => number = () => 200) {
  const asked: (readonly TermPair[])[] = [];
  const app = createServer(async (request: IncomingMessage, response) => {
    const { pairs } = JSON.parse(await text(request)) as { readonly pairs: readonly TermPair[] };
    const body = answer(pairs, asked.push(pairs));
    response.writeHead(status(asked.length), { "content-type": "application/json" });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  });
  app.listen(0, "127.0.0.1");
  onTestFinished(() => void app.close());
  await once(app, "listening");
  const { port } = app.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/similarity`, asked };
}

/** Similarity by length: 1 for as long, less for each letter of difference. */
const byLength: Answer = (pairs) => ({
  similarities: pairs.map(([a, b]) => 1 - Math.abs(a.length - b.length) / 10),
});

it("asks in batches, and answers from then on without asking", async () => {
  const { url, asked } = await server(byLength);
  const { prepare, similarity } = httpSimilarity(url, { batch: 2 });
  const pairs: readonly TermPair[] = [
    ["man", "person"],
    ["hat", "cap"],
    ["on", "above"],
  ];
  await prepare!(pairs);
  expect(asked).toEqual([pairs.slice(0, 2), pairs.slice(2)]);
  expect(pairs.map(([a, b]) => similarity(a, b))).toEqual([0.7, 1, 0.7]);
  expect(similarity("person", "man")).toBe(0.7); // either way round
  await prepare!([["person", "man"]]);
  expect(asked).toHaveLength(2);
});

it("neither asks nor needs to know about equal terms, and sends a pair once", async () => {
  const { url, asked } = await server(byLength);
  const { prepare, similarity } = httpSimilarity(url);
  await prepare!([
    ["hat", "hat"],
    ["a", "bc"],
    ["bc", "a"],
    ["ab", "c"],
  ]);
  expect(asked).toEqual([
    [
      ["bc", "a"],
      ["ab", "c"],
    ],
  ]);
  expect(similarity("cap", "cap")).toBe(1);
  await prepare!([]);
  expect(asked).toHaveLength(1);
});

it("throws for a pair that was not prepared, rather than make a number up", () => {
  const { similarity } = httpSimilarity("http://127.0.0.1:1/");
  expect(() => similarity("man", "hat")).toThrow(
    new RangeError('similarity of "man" and "hat" was not prepared'),
  );
});

it.each([
  ["no JSON", "<html>", /Unexpected token/],
  ["null", null, /no list of similarities/],
  ["no list", { similarities: "0.5" }, /no list of similarities/],
  ["too few", { similarities: [] }, /0 similarities, expected .* with 1 finite numbers/],
  ["too many", { similarities: [1, 1] }, /2 similarities/],
  ["a string", { similarities: ["0.5"] }, /"0.5" among them/],
  ["a null", { similarities: [null] }, /null among them/],
  ["an infinite number", '{"similarities":[1e999]}', /null among them/],
])("gives up with what it found when the answer has %s", async (_, body, found) => {
  const { url, asked } = await server(() => body);
  const { prepare } = httpSimilarity(url, { tries: 2, backoffMs: 1 });
  const failure = await prepare!([["man", "hat"]]).catch((cause: unknown) => cause);
  expect(failure).toMatchObject({ name: "SggError", code: "LAUNCH" });
  expect((failure as Error).message).toMatch(found);
  expect((failure as Error).message).toContain(`Cannot ask "${url}": it answered nonsense`);
  expect(asked).toHaveLength(2);
});

it("tries again after a failure that may pass", async () => {
  const { url, asked } = await server(byLength, (nth) => (nth < 3 ? 503 : 200));
  const said: string[] = [];
  const { prepare, similarity } = httpSimilarity(url, {
    backoffMs: 1,
    say: (line) => said.push(line),
  });
  await prepare!([["man", "hat"]]);
  expect(similarity("man", "hat")).toBe(1);
  expect([asked.length, said.length]).toEqual([3, 2]);
});

it("ends with the server's words when it refuses", async () => {
  const { url, asked } = await server(
    () => ({ message: "no such model" }),
    () => 404,
  );
  await expect(httpSimilarity(url).prepare!([["man", "hat"]])).rejects.toMatchObject({
    code: "LAUNCH",
    message: `Cannot ask "${url}": it answered 404 (no such model), expected an answer`,
  });
  expect(asked).toHaveLength(1);
});

it("ends when nobody answers in time, or nobody is there", async () => {
  const silent = createServer(() => undefined).listen(0, "127.0.0.1");
  onTestFinished(() => silent.closeAllConnections());
  onTestFinished(() => void silent.close());
  await once(silent, "listening");
  const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/`;
  const options = { tries: 1, timeoutMs: 50 };
  await expect(httpSimilarity(url, options).prepare!([["man", "hat"]])).rejects.toMatchObject({
    message: `Cannot ask "${url}": it gave no answer in 0.05 s, expected an answer`,
  });
  await expect(
    httpSimilarity("http://127.0.0.1:1/", options).prepare!([["man", "hat"]]),
  ).rejects.toMatchObject({ code: "LAUNCH" });
});

it("stops at once when it is told to", async () => {
  const interrupt = new AbortController();
  const { url } = await server(() => {
    interrupt.abort(new Error("interrupted"));
    return {};
  });
  await expect(httpSimilarity(url).prepare!([["man", "hat"]], interrupt.signal)).rejects.toThrow(
    "interrupted",
  );
});

it("forgets old answers, but never those that were just prepared", async () => {
  const { url, asked } = await server(byLength);
  const { prepare, similarity } = httpSimilarity(url, { capacity: 8 });
  const four = (name: string): readonly TermPair[] =>
    ["a", "bb", "ccc", "dddd"].map((other) => [name, other]);
  for (const name of ["man", "hat", "cap", "tree", "man"]) {
    const other = prepare!(four(`${name}s`)); // another request at the same time
    await prepare!(four(name));
    for (const [a, b] of four(name)) expect(similarity(a, b)).toBeGreaterThan(0);
    await other;
  }
  expect(asked.flat().filter(([a, b]) => [a, b].includes("man"))).toHaveLength(8); // twice
  await expect(prepare!([...four("a man"), ["a man", "e"]])).rejects.toMatchObject({
    code: "LAUNCH",
    message: `Cannot ask "${url}": 5 pairs of terms at once, expected at most 4`,
  });
});
