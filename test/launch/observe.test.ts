import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { observeRuns } from "../../src/launch/observe.ts";
import { findRuns } from "../../src/launch/runs.ts";
import { recordJob } from "../../src/launch/slurm/launch.ts";

it("shows a run on a cluster as it was seen last, where there is no Slurm to ask", async () => {
  const folder = await mkdtemp(join(tmpdir(), "r1sgg-observe-"));
  const path = process.env.PATH;
  onTestFinished(async () => {
    process.env.PATH = path;
    await rm(folder, { recursive: true });
  });
  await mkdir(join(folder, "far"));
  const slurm = { job: "7", cluster: "elsewhere" };
  recordJob(join(folder, "far"), { runId: "far", stage: "sft", recipeHash: "x", slurm });
  process.env.PATH = folder;
  const runs = await findRuns(folder);
  const expected = {
    ...{ id: "far", state: "running", stage: "sft", slurm },
    reason: expect.stringMatching(/there is no squeue on PATH/),
  };
  expect(await observeRuns(runs)).toMatchObject([expected]);
  expect((await findRuns(folder))[0]?.record.state).toBe("running");
});
