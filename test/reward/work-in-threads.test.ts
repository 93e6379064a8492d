import { describe, expect, it } from "vitest";
import { defaultScoring } from "../../src/reward/settings.ts";
import { turns, workHere } from "../../src/reward/workshop.ts";
import { shipped } from "../../src/root.ts";
import { goodRequest, goodTarget, post } from "../helpers/reward-request.ts";
import { serverWith } from "../helpers/reward-server.ts";
import { job, read, threadsWith } from "../helpers/threads.ts";

const wanted = () => true;

describe("worker threads", () => {
  it("give the bytes that a server without threads gives", async () => {
    const requests = [goodRequest, { ...goodRequest, completions: ["none"] }, {}, []];
    const [here, there] = [workHere(defaultScoring), threadsWith()];
    for (const request of requests) {
      const [a, b] = await Promise.all([
        here.run(job(request), wanted),
        there.run(job(request), wanted),
      ]);
      expect({ ...b, body: read(b!.body) }).toEqual({ ...a, body: read(a!.body) });
    }
  });

  it("are ready when all are warmed", async () => {
    const workshop = threadsWith({}, { threads: 2 });
    expect(workshop.isReady()).toBe(false);
    await workshop.warmed;
    expect(workshop.isReady()).toBe(true);
  });

  it("say so when they cannot start", async () => {
    const warnings: string[] = [];
    const workshop = threadsWith(
      { similarity: "nonsense" },
      { warn: (text) => warnings.push(text) },
    );
    await expect(workshop.warmed).rejects.toThrow('Cannot use the similarity "nonsense"');
    expect(warnings.join()).toContain("A reward worker cannot start");
    expect(workshop.isReady()).toBe(false);
  });

  it("do not score what nobody waits for any more", async () => {
    const workshop = threadsWith();
    expect(await workshop.run(job(goodRequest), () => false)).toBeUndefined();
  });
});

describe("a worker that ends", () => {
  const file = shipped("test/fixtures/reward/mortal-worker.mjs");
  const toDo = (...deed: string[]) => ({ ...job({}), body: encode(JSON.stringify(deed)) });
  const encode = (text: string) => new TextEncoder().encode(text);

  it.each([
    ["exits", "exit", /worker exited with code: 7/],
    ["throws aside", "throw", /thrown aside/],
    ["hangs", "hang", /no answer after 1000 ms/],
  ])("since it %s costs its own request only and is replaced", async (_, deed, why) => {
    const workshop = threadsWith({}, { threads: 1, jobMs: 1000, file });
    await workshop.warmed;
    const [dead, ...alive] = await Promise.all([
      workshop.run(toDo(deed), wanted),
      workshop.run(toDo("answer", "a"), wanted),
      workshop.run(toDo("answer", "b"), wanted),
    ]);
    expect(dead).toMatchObject({ status: 500, fault: expect.stringMatching(why) });
    expect(read(dead!.body)).toEqual({
      statusCode: 500,
      message: "Cannot answer the request: internal error, told in the server's log",
    });
    expect(alive.map((answer) => read(answer!.body))).toEqual([{ text: "a" }, { text: "b" }]);
    expect(workshop.deaths()).toBe(1);
    expect(workshop.isReady()).toBe(true);
  });

  it("leaves the server healthy, and is counted and told", async () => {
    const workshop = threadsWith({}, { threads: 1, jobMs: 1000, file });
    await workshop.warmed;
    const warnings: string[] = [];
    const app = serverWith({}, { workshop, warn: (text) => warnings.push(text) });
    const [fatal, health] = await Promise.all([post(app, ["exit"]), app.inject("/health")]);
    expect([fatal.statusCode, health.statusCode]).toEqual([500, 200]);
    expect(warnings.join()).toMatch(/a reward worker failed: worker exited with code: 7/);
    expect((await post(app, ["answer", "c"])).json()).toEqual({ text: "c" });
    expect((await app.inject("/metrics")).body).toContain("reward_worker_deaths_total 1");
  });
});

describe("a body that would fill a worker's memory", () => {
  it("is refused before it is parsed", async () => {
    const workshop = threadsWith({ heapMiB: 64 }, { threads: 1 });
    const app = serverWith({}, { workshop });
    const payload = `{"x":[${"[],".repeat(2_000_000)}[]]}`;
    const headers = { "content-type": "application/json" };
    const response = await app.inject({ method: "POST", url: "/v1/rewards", payload, headers });
    expect([response.statusCode, response.json().message]).toEqual([
      413,
      expect.stringMatching(/values in 6000010 bytes, expected fewer for a heap of 64 MiB$/),
    ]);
    expect(workshop.deaths()).toBe(0);
  });

  it("does not fill it with its faults either", async () => {
    const workshop = threadsWith({}, { threads: 1 });
    const app = serverWith({}, { workshop });
    const objects = Array.from({ length: 400_000 }, () => 0);
    const response = await post(app, { ...goodRequest, targets: [{ ...goodTarget, objects }] });
    expect(response.json().message).toMatch(/objects\[0\]: found 0, .*; and more$/);
    expect(workshop.deaths()).toBe(0);
  });
});

describe("turns", () => {
  it("runs so many at once, the others in the order in which they came", async () => {
    const inTurn = turns(2);
    const events: string[] = [];
    let running = 0;
    const task = (name: string) =>
      inTurn(async () => {
        running += 1;
        expect(running).toBeLessThanOrEqual(2);
        events.push(name);
        await new Promise((resolve) => setTimeout(resolve, 1));
        running -= 1;
        if (name === "b") throw new Error("b fails");
        return name;
      });
    const done = await Promise.allSettled(["a", "b", "c", "d", "e"].map(task));
    expect(events).toEqual(["a", "b", "c", "d", "e"]);
    expect(done.map(({ status }) => status)).toEqual([
      "fulfilled",
      "rejected",
      "fulfilled",
      "fulfilled",
      "fulfilled",
    ]);
  });
});
