import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { openRequestLog } from "../../src/reward/request-log.ts";

const folder = await mkdtemp(join(tmpdir(), "request-log-"));
afterAll(() => rm(folder, { recursive: true }));

const line = (entry: object) => Buffer.from(`${JSON.stringify(entry)}\n`);

it("appends whole lines, also when many are written at once, and keeps what was there", async () => {
  const path = join(folder, "a.jsonl");
  await writeFile(path, '{"n":-1}\n');
  const log = await openRequestLog(path);
  const text = "x".repeat(2_000_000);
  await Promise.all(Array.from({ length: 8 }, (_, n) => log.append(line({ n, text }))));
  await log.close();
  const lines = (await readFile(path, "utf8")).trimEnd().split("\n");
  const numbers = lines.map((line) => (JSON.parse(line) as { n: number }).n);
  expect(numbers).toEqual([-1, ...Array(8).keys()]);
});

it("has written a line when append resolves", async () => {
  const path = join(folder, "b.jsonl");
  const log = await openRequestLog(path);
  await log.append(line({ n: 1 }));
  expect(await readFile(path, "utf8")).toBe('{"n":1}\n');
  await log.close();
});

it("tells the writer of a full disk, and only them", async () => {
  const log = await openRequestLog("/dev/full");
  await expect(log.append(line({ n: 1 }))).rejects.toThrow("ENOSPC");
  await expect(log.append(line({ n: 2 }))).rejects.toThrow("ENOSPC");
  await log.close();
});
