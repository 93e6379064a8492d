import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { progressOf, runProgress } from "../../src/launch/run-progress.ts";

const line = (step: number, time: number) => JSON.stringify({ step, of: 100, reward: 0.5, time });

it("tells step, speed and time left by the last lines of a start", () => {
  expect(progressOf([line(10, 1000), line(11, 1004), line(14, 1016)])).toEqual({
    ...{ step: 14, of: 100, loss: undefined, reward: 0.5, secondsPerStep: 4, secondsLeft: 344 },
    at: "1970-01-01T00:16:56.000Z",
  });
});

it("does not count the pause between two starts as work", () => {
  const lines = [
    line(10, 1000),
    '{"phase":"resuming","time":5000}',
    line(11, 5010),
    line(12, 5012),
  ];
  expect(progressOf(lines)).toMatchObject({ step: 12, secondsPerStep: 2, secondsLeft: 176 });
  expect(progressOf(lines.slice(0, 2))).toMatchObject({ step: 10, secondsPerStep: undefined });
});

it("says nothing before the first step, and passes over a half line", () => {
  expect(progressOf(['{"phase":"starting","time":1}'])).toBeUndefined();
  expect(progressOf(['ep":3}', line(4, 10)])).toMatchObject({ step: 4 });
});

it("reads lines as long as many servers and rewards make them", async () => {
  const run = mkdtempSync(join(tmpdir(), "r1sgg progress "));
  const servers = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`samplers/${i}/s`, i]));
  mkdirSync(join(run, "progress"));
  const lines = [1, 2].map((step) => JSON.stringify({ ...servers, step, of: 2, time: step }));
  writeFileSync(join(run, "progress", "trainer.jsonl"), `${lines.join("\n")}\n`);
  expect(await runProgress(run)).toMatchObject({ step: 2, of: 2, secondsPerStep: 1 });
  rmSync(run, { recursive: true });
});
