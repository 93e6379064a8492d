import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import type { Acceptance } from "../../src/report/acceptance/acceptance.ts";
import { requires } from "../helpers/requires.ts";
import { r1sgg, readJson } from "./smoke-process.ts";

declare module "vitest" {
  interface TaskMeta {
    /** What the record of the long suite keeps of a test. */
    figures?: Readonly<Record<string, unknown>>;
  }
}

requires("python").it(
  "doctor --accept, rehearsed: SFT, GRPO against real vLLM, an interrupt and a resume",
  async ({ task }) => {
    const out = mkdtempSync(join(tmpdir(), "r1sgg accept "));
    onTestFinished(() => rmSync(out, { recursive: true, force: true }));
    const { exitCode, all, stdout } = await r1sgg(
      ...["doctor", "--accept", "--device", "cpu", "--out", out],
    );
    expect(exitCode, all).toBe(0);
    expect(stdout).toContain("verdict: passed (CPU rehearsal: proves nothing about GPUs)");
    const acceptance = readJson<Acceptance>(out, "acceptance.json");
    const { checks } = acceptance;
    expect(checks.map(({ verdict }) => verdict)).toEqual([
      ...Array(6).fill("passed"),
      "not run",
      "not run",
    ]);
    expect(acceptance.versions).toHaveProperty("vllm");
    task.meta.figures = Object.fromEntries(
      checks.map(({ name, why, figures }) => [name, why === null ? figures : `not run: ${why}`]),
    );
  },
  60 * 60_000,
);
