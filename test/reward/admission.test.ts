import { describe, expect, it, vi } from "vitest";
import { createAdmission } from "../../src/reward/admission.ts";
import { defaultQueue } from "../../src/reward/settings.ts";
import type { Workshop } from "../../src/reward/workshop.ts";
import { goodRequest, post } from "../helpers/reward-request.ts";
import { serverWith } from "../helpers/reward-server.ts";

describe("createAdmission", () => {
  it("lets in so many, and the next when one has left", () => {
    const { enter, pending } = createAdmission({ ...defaultQueue, maxPending: 2 }, 100);
    const leave = enter("10");
    enter("10");
    expect(() => enter("10")).toThrow("2 requests wait, expected fewer; send it again");
    leave();
    enter("10");
    expect(pending()).toBe(2);
  });

  it("counts bytes, and a body of unknown length as the largest", () => {
    const { enter } = createAdmission({ ...defaultQueue, maxPendingBytes: 150 }, 100);
    enter("50");
    const leave = enter(undefined);
    expect(() => enter("1")).toThrow("2 requests wait");
    leave();
    enter("1");
  });

  it("lets in a body that is larger than all may be together, when it is alone", () => {
    const { enter } = createAdmission({ ...defaultQueue, maxPendingBytes: 10 }, 100);
    enter("100");
  });
});

/** A workshop in which nothing is done before `go`. */
function halted() {
  const gate = Promise.withResolvers<void>();
  const workshop: Workshop = {
    run: async () => {
      await gate.promise;
      return { status: 200, body: new TextEncoder().encode("{}") };
    },
    warmed: Promise.resolve(),
    isReady: () => true,
    similarity: () => "none",
    deaths: () => 0,
    close: async () => {},
  };
  return { workshop, go: gate.resolve };
}

describe("a server that is full", () => {
  it("answers 503 with Retry-After, lives, and takes requests again later", async () => {
    const { workshop, go } = halted();
    const app = serverWith({}, { workshop, queue: { ...defaultQueue, maxPending: 3 } });
    const waiting = Array.from({ length: 3 }, async () => post(app, goodRequest));
    const refused = await post(app, goodRequest);
    expect([refused.statusCode, refused.headers["retry-after"], refused.json().message]).toEqual([
      503,
      "1",
      "Cannot take the request now: 3 requests wait, expected fewer; send it again",
    ]);
    expect((await app.inject("/health")).statusCode).toBe(200);
    expect((await app.inject("/metrics")).body).toContain("reward_inflight 3");
    go();
    expect((await Promise.all(waiting)).map(({ statusCode }) => statusCode)).toEqual([
      200, 200, 200,
    ]);
    expect((await post(app, goodRequest)).statusCode).toBe(200);
  });

  it("also says when an answer of the workshop may be asked for again", async () => {
    const { workshop } = halted();
    const body = new TextEncoder().encode("{}");
    const busy = { ...workshop, run: async () => ({ status: 503, body }) };
    const response = await post(serverWith({}, { workshop: busy }), goodRequest);
    expect([response.statusCode, response.headers["retry-after"]]).toEqual([503, "1"]);
  });

  it("forgets a client that has gone", async () => {
    const { workshop, go } = halted();
    const app = serverWith({}, { workshop, queue: { ...defaultQueue, maxPending: 1 } });
    const url = `${await app.listen({ host: "127.0.0.1", port: 0 })}/v1/rewards`;
    const client = new AbortController();
    const sent = fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(goodRequest),
      signal: client.signal,
    });
    const inFlight = async (count: number) =>
      expect((await app.inject("/metrics")).body).toContain(`reward_inflight ${count}`);
    await vi.waitFor(() => inFlight(1));
    client.abort();
    await expect(sent).rejects.toThrow("aborted");
    await vi.waitFor(() => inFlight(0));
    go();
    expect((await post(app, goodRequest)).statusCode).toBe(200);
    await app.close();
  });
});
