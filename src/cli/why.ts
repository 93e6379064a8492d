import { Command } from "commander";
import { lastLines } from "../launch/log-tail.ts";
import { findRun, observeRun, type Run } from "../launch/runs.ts";
import { attemptLogs } from "../launch/slurm/attempt-logs.ts";
import { findJob } from "../launch/slurm/find-jobs.ts";
import { rememberedJob } from "../launch/slurm/observe.ts";
import { readEvents } from "../launch/slurm/run-events.ts";
import { type Verdict, whyEnded } from "../launch/slurm/why.ts";
import type { Io } from "./io.ts";
import { runArgument, runsOption } from "./run-options.ts";

/** `r1sgg why RUN`: the reason of its end, by what Slurm, its script and its logs say. */
export const whyCommand = ({ print }: Io): Command =>
  new Command("why")
    .description("name the reason of a run's end")
    .addArgument(runArgument)
    .addOption(runsOption)
    .option("--json", "print JSON", false)
    .action(async (name: string, { runs, json }: { runs: string; json: boolean }) => {
      const run = await findRun(name, runs);
      const verdict = run.record.slurm === undefined ? ofLocal(run) : await ofSlurm(run);
      if (json) return print(`${JSON.stringify(verdict, null, 2)}\n`);
      const { kind, sentence, lines } = verdict;
      print(`${kind}: ${sentence}\n${lines.map((line) => `  ${line}\n`).join("")}`);
    });

function ofLocal(run: Run): Verdict {
  const { state, reason } = observeRun(run);
  const [first = "no reason was recorded", ...lines] = (reason ?? "").split("\n").filter(Boolean);
  if (state === "running") return { kind: "running", sentence: "it has not ended", lines: [] };
  if (state === "done") return { kind: "done", sentence: "it did all it had to", lines: [] };
  const kind = state === "failed" ? "role" : state === "interrupted" ? "cancelled" : "unknown";
  return { kind, sentence: first, lines };
}

async function ofSlurm({ runDir, record }: Run): Promise<Verdict> {
  const logs = await attemptLogs(runDir);
  return whyEnded({
    job: record.slurm && ((await findJob(record.slurm.job)) ?? rememberedJob(record)),
    events: await readEvents(runDir),
    logs: new Map(logs.map(({ name, path }) => [name, lastLines(path, 200)])),
  });
}
