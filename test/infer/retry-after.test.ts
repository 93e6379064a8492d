import { describe, expect, it } from "vitest";
import { retryAfterMs } from "../../src/infer/retry-after.ts";

describe("retryAfterMs", () => {
  const now = Date.UTC(2026, 10, 25, 20, 0, 0);
  it.each([
    ["0", 0],
    ["120", 120_000],
    [" 7 ", 7000],
    ["0.25", 250],
    ["Wed, 25 Nov 2026 20:00:30 GMT", 30_000],
    ["Wed, 25 Nov 2026 19:59:30 GMT", 0],
    ["soon", 0],
    ["-5", 0],
    ["", 0],
    [undefined, 0],
  ])("reads %o", (header, ms) => {
    expect(retryAfterMs(header, now)).toBe(ms);
  });
});
