import { describe, expect, it } from "vitest";
import { afterFailure, type Health, well } from "../../src/infer/health.ts";

const backoff = { baseMs: 1000, mostMs: 30_000 };
const failed = (health: Health, part: Partial<Parameters<typeof afterFailure>[1]>) =>
  afterFailure(
    health,
    { found: "answered 500", waitMs: 0, forGood: false, askedAt: 0, now: 0, ...part },
    backoff,
    () => 0.5,
  );

describe("afterFailure", () => {
  it("lets a server rest longer after each failure in a row, and keeps when the first was", () => {
    const first = failed(well, { askedAt: 100, now: 200 });
    expect(first).toEqual({
      ...{ failures: 1, since: 200, until: 700, gone: false },
      found: "answered 500",
    });
    const second = failed(first, { askedAt: 700, now: 1000, found: "answered 502" });
    expect(second).toMatchObject({ failures: 2, since: 200, until: 2000, found: "answered 502" });
  });

  it("counts questions that were under way together as one", () => {
    const first = failed(well, { askedAt: 100, now: 200 });
    expect(failed(first, { askedAt: 150, now: 210 })).toMatchObject({ failures: 1, until: 700 });
  });

  it("keeps to what the server asks for, also for one of those", () => {
    expect(failed(well, { now: 200, waitMs: 9000 }).until).toBe(9200);
    const first = failed(well, { askedAt: 100, now: 200 });
    expect(failed(first, { askedAt: 150, now: 210, waitMs: 4000 }).until).toBe(4210);
    expect(failed(failed(well, { now: 200, waitMs: 9000 }), { askedAt: 300, now: 310 }).until).toBe(
      9200,
    );
  });

  it("never comes back to one that has nothing for us", () => {
    const gone = failed(well, { forGood: true });
    expect([gone.gone, failed(gone, {}).gone]).toEqual([true, true]);
  });
});
