import { describe, expect, it } from "vitest";
import { Failure } from "../../src/infer/attempt.ts";
import {
  allLost,
  freest,
  newHand,
  nextTime,
  noteAnswer,
  noteFailure,
} from "../../src/infer/hand.ts";

const backoff = { baseMs: 1000, mostMs: 30_000 };
const hand = (underWay = 0) => ({ ...newHand("a", undefined, 0), underWay });
const broken = new Failure("broken", "answered 500", {});

describe("freest", () => {
  it("is the one with the least under way that has room", () => {
    const [busy, full, idle] = [hand(2), hand(3), hand(1)];
    expect(freest([busy, full, idle], 3, 0)).toBe(idle);
    expect(freest([full], 3, 0)).toBe(undefined);
  });

  it("gives one that has failed a single question, once it has rested", () => {
    const failed = hand();
    noteFailure(failed, broken, { askedAt: 0, now: 100 }, backoff);
    const { until } = failed.health;
    expect(until).toBeGreaterThanOrEqual(100);
    expect(freest([failed], 3, until - 0.001)).toBe(undefined);
    expect(freest([failed], 3, until)).toBe(failed);
    failed.underWay = 1;
    expect(freest([failed], 3, until)).toBe(undefined);
    noteAnswer(failed);
    expect(freest([failed], 3, until)).toBe(failed);
  });

  it("asks one that was not there at once, and one that is barred never", () => {
    expect(freest([newHand("a", "cannot be reached", 5)], 3, 5)).toBeDefined();
    const barred = hand();
    noteFailure(barred, new Failure("barred", "answered 404", {}), { askedAt: 0, now: 0 }, backoff);
    expect(freest([barred], 3, 1e9)).toBe(undefined);
  });
});

it("people hear of the first failures, of the one that puts a server out, and of its return", () => {
  const server = hand();
  const said = [1, 2, 3, 4].map((at) =>
    noteFailure(server, broken, { askedAt: at * 1e6, now: at * 1e6 }, backoff),
  );
  expect(said).toEqual([
    expect.stringMatching(/^answered 500: asked again in \d\.\d s$/),
    expect.stringMatching(/^answered 500: asked again in \d\.\d s$/),
    "answered 500: out until it answers again",
    undefined,
  ]);
  expect([noteAnswer(server), noteAnswer(server)]).toEqual(["answers again", undefined]);
  expect(server.failures).toBe(4);
});

describe("waiting", () => {
  it("is for the rest of a server to end, or the patience with it", () => {
    const server = hand();
    expect(nextTime([server], 60_000, 0)).toBe(undefined);
    const later = new Failure("busy", "answered 503", { waitMs: 90_000 });
    noteFailure(server, later, { askedAt: 0, now: 1000 }, backoff);
    expect(nextTime([server, hand()], 60_000, 1000)).toBe(61_000);
    expect(nextTime([server], 60_000, 61_000)).toBe(91_000);
    expect(nextTime([server], 60_000, 91_000)).toBe(undefined);
  });

  it("is in vain when all have failed for too long", () => {
    const server = hand();
    noteFailure(server, broken, { askedAt: 0, now: 1000 }, backoff);
    expect(allLost([server], 60_000, 60_999)).toBe(false);
    expect(allLost([server], 60_000, 61_000)).toBe(true);
    expect(allLost([server, hand()], 60_000, 61_000)).toBe(false);
  });
});
