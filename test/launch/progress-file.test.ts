import { appendFile, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { followProgress, type ProgressLine } from "../../src/launch/progress-file.ts";

let path = "";
const seen: ProgressLine[] = [];
beforeEach(async () => {
  const folder = await mkdtemp(join(tmpdir(), "r1sgg-progress-"));
  path = join(folder, "trainer.jsonl");
  seen.length = 0;
  const over = new AbortController();
  const following = followProgress(path, (line) => seen.push(line), over.signal);
  onTestFinished(async () => {
    over.abort();
    await following; // it has not failed
    await rm(folder, { recursive: true, force: true });
  });
});

const steps = (...all: readonly number[]) =>
  all.map((step) => `${JSON.stringify({ step, of: 100 })}\n`).join("");
const sees = (...all: readonly number[]) =>
  vi.waitFor(() => expect(seen.map(({ step }) => step)).toEqual(all), { timeout: 120_000 });

describe("followProgress", () => {
  it("hands on each line once, a half one when it is whole", async () => {
    await writeFile(path, `${steps(1)}{"step": 2`);
    await sees(1);
    await appendFile(path, `, "of": 100}\n${steps(3)}`);
    await sees(1, 2, 3);
  });

  it("reads the file from its beginning when a worker has begun it anew", async () => {
    await writeFile(path, steps(1, 2, 3));
    await sees(1, 2, 3);
    await writeFile(path, steps(7));
    await sees(1, 2, 3, 7);
    await appendFile(path, steps(8, 9, 10));
    await sees(1, 2, 3, 7, 8, 9, 10);
  });

  it("passes over half a line where a new file has outgrown the old one unseen", async () => {
    await writeFile(path, steps(1));
    await sees(1);
    const phase = JSON.stringify({ phase: "loading model", of: 1 });
    await writeFile(`${path}.new`, `${phase}\n${steps(4, 5)}`);
    await rename(`${path}.new`, path); // no look finds it empty
    await sees(1, 4, 5);
  });
});
