import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { infer } from "../../src/infer/infer.ts";
import { good, imageOf, line, lines, sampler, workplace } from "./numbered-images.ts";
import { type Asked, chatAnswer, type Reply, standIn } from "./stand-in-server.ts";

describe("infer with several servers", () => {
  it("moves the work of one that dies to the others", async () => {
    const { rowsOf, written, options } = await workplace();
    const alive = await sampler(good);
    let answered = 0;
    const dying = await sampler((asked) => {
      answered += 1;
      if (answered === 3) dying.die();
      return good(asked);
    });
    const said: string[] = [];
    const say = (text: string) => void said.push(text);
    const urls = [dying.url, alive.url];
    const end = await infer(options({ rows: await rowsOf(30), urls, say }));
    expect(await written()).toBe(lines(30));
    const [first, second] = end.servers;
    expect([first!.answered + second!.answered, end.unanswered]).toEqual([30, []]);
    expect(first!.failures).toBeGreaterThan(0);
    expect(second!.failures).toBe(0);
    expect(said.join("\n")).toContain(`${dying.url} broke off (socket hang up)`);
  });

  it("comes back to one that answers again", async () => {
    const { rowsOf, written, options } = await workplace();
    const enough = Promise.withResolvers<void>();
    const flaky = await sampler((asked, count) => {
      if (count === 20) enough.resolve();
      return count <= 9 ? { status: 503 } : good(asked);
    });
    const slow = await sampler(async (asked) => {
      await enough.promise;
      return good(asked);
    });
    const said: string[] = [];
    const say = (text: string) => void said.push(text);
    await infer(options({ rows: await rowsOf(20), urls: [flaky.url, slow.url], say }));
    expect(await written()).toBe(lines(20));
    expect(said.map((text) => text.replace(/.* answered 503 .*: /, ""))).toEqual([
      expect.stringMatching(/^asked again in/),
      expect.stringMatching(/^asked again in/),
      "out until it answers again",
      `${flaky.url} answers again`,
    ]);
  });

  it("goes on without one that is not there, and asks it once it is", async () => {
    const { rowsOf, written, options } = await workplace();
    const late = await sampler(good);
    const there = await sampler(good);
    const servers = [
      { url: late.url, model: "tiny", found: "cannot be reached" },
      { url: there.url, model: "tiny" },
    ];
    await infer(options({ rows: await rowsOf(8), urls: [], servers }));
    expect(await written()).toBe(lines(8));
    expect(late.asked.length).toBeGreaterThan(0);
  });

  it("leaves one alone that comes back with another model", async () => {
    const { rowsOf, written, options } = await workplace();
    const other = await standIn(({ path }) =>
      path === "/v1/models" ? { body: { data: [{ id: "large" }] } } : { status: 503 },
    );
    const right = await sampler(good);
    const said: string[] = [];
    const say = (text: string) => void said.push(text);
    const urls = [other.url, right.url];
    await infer(options({ rows: await rowsOf(12), urls, say, concurrency: 1 }));
    expect(await written()).toBe(lines(12));
    const refused = other.asked.filter(({ path }) => path !== "/v1/models").length;
    expect(refused).toBe(1);
  });

  it("tries last what has brought servers down", async () => {
    const { rowsOf, written, options } = await workplace();
    const poisonous = (asked: Asked): Reply =>
      imageOf(asked) === 0 ? { tear: "before" } : good(asked);
    const urls = [(await sampler(poisonous)).url, (await sampler(poisonous)).url];
    const { unanswered } = await infer(options({ rows: await rowsOf(15), urls }));
    expect(unanswered.map(({ image_id }) => image_id)).toEqual(["i0"]);
    expect(await written()).toBe(lines(15).replace(line(0), ""));
  });
});

/** Ways to go wrong, but for stalls: on a slow machine a good answer could count as one. */
const bad: readonly Reply[] = [
  { status: 500 },
  { status: 503, headers: { "retry-after": "0" } },
  { status: 429, headers: { "retry-after": "0.01" } },
  { tear: "before" },
  { tear: "inside", body: chatAnswer("half") },
  { body: "{" },
  { body: { choices: [] } },
];

it("loses none, repeats none and keeps order and count, however servers misbehave", async () => {
  const count = 12;
  const { rowsOf } = await workplace();
  const rows = await rowsOf(count);
  /** Which reply each server gives to its n-th question: bad ones by number, or a good one. */
  const script = fc.array(fc.option(fc.nat(bad.length - 1), { freq: 2 }), { maxLength: 8 });
  const several = fc.array(script, { minLength: 1, maxLength: 3 });
  const refused = fc.subarray([...rows.keys()], { maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(several, refused, fc.integer({ min: 1, max: 4 }), async (scripts, no, at) => {
      const { out, written, options } = await workplace();
      let wrong = 0;
      const servers = await Promise.all(
        scripts.map((replies) =>
          sampler((asked, nth) => {
            const choice = replies[nth - 1];
            if (choice === undefined || choice === null)
              return no.includes(imageOf(asked)) ? { status: 400 } : good(asked);
            wrong += 1;
            return bad[choice]!;
          }),
        ),
      );
      const urls = servers.map(({ url }) => url);
      const end = await infer(options({ rows, urls, concurrency: at, out }));
      const left = end.unanswered.map(({ image_id }) => Number(image_id.slice(1)));
      const expected = [...rows.keys()].filter((index) => !left.includes(index));
      expect(await written()).toBe(expected.map((index) => line(index)).join(""));
      expect(left).toEqual(expect.arrayContaining(no));
      expect(end.answered + left.length).toBe(count);
      const sum = (of: "answered" | "failures") =>
        end.servers.reduce((total, server) => total + server[of], 0);
      expect([sum("answered"), sum("failures")]).toEqual([end.answered, wrong]);
      const answers = servers.flatMap((server) => server.asked.map(imageOf)).length;
      expect(answers).toBe(end.answered + no.length + wrong);
    }),
    { numRuns: 25 },
  );
});
