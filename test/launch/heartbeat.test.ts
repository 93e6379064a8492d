import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { watchHeartbeat } from "../../src/launch/heartbeat.ts";

const file = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "r1sgg-beat-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, "progress.jsonl");
};

it("ends when the file stands still, or never comes", async () => {
  const path = file();
  await expect(
    watchHeartbeat({ role: "trainer", path, stallSeconds: 0.1 }, new AbortController().signal),
  ).rejects.toThrow(/without role "trainer": nothing new in .* for 0\.1 s, expected it to grow/);
});

it("goes on while it grows, until it is told to stop", async () => {
  const path = file();
  const over = new AbortController();
  const beating = setInterval(() => appendFileSync(path, "x\n"), 100);
  const watching = watchHeartbeat({ role: "trainer", path, stallSeconds: 2 }, over.signal);
  setTimeout(() => over.abort(), 3000);
  await expect(watching).resolves.toBeUndefined();
  clearInterval(beating);
});
