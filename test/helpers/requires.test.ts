import { mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { expect, it, onTestFinished } from "vitest";
import { shipped } from "../../src/root.ts";
import { countVitest } from "../run/counts.ts";

/** Runs three tests, two of which need Chromium, on a machine that has none. */
async function run(required: string) {
  const folder = await mkdtemp(join(tmpdir(), "r1sgg-requires-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await symlink(process.execPath, join(folder, "node"));
  const report = join(folder, "report.json");
  await execa(
    process.execPath,
    [shipped("node_modules/vitest/vitest.mjs"), "run"].concat(
      ["--root", shipped("test/fixtures/vitest")],
      ["--reporter=json", `--outputFile=${report}`],
    ),
    { env: { PATH: folder, R1SGG_REQUIRE: required }, reject: false, stdin: "ignore" },
  );
  return countVitest(await readFile(report, "utf8"));
}

it("skips what the machine cannot do, with the reason in the title", async () => {
  const why = "[needs chromium: no chromium on PATH that runs]";
  expect(await run("slurm")).toEqual({
    passed: 1,
    failed: 0,
    skipped: [`draws ${why}`, `a page ${why} has a title`],
    figures: [],
  });
});

it("fails it where R1SGG_REQUIRE names what is missing", async () => {
  expect(await run("slurm,chromium")).toEqual({ passed: 1, failed: 2, skipped: [], figures: [] });
});
