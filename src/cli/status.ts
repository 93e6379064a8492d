import { setTimeout as delay } from "node:timers/promises";
import { Command } from "commander";
import { describeContainers } from "../launch/leftovers.ts";
import { type Observed, observeRuns } from "../launch/observe.ts";
import { findRun, findRuns } from "../launch/runs.ts";
import type { Io } from "./io.ts";
import { wholeNumber } from "./numbers.ts";
import { runsOption } from "./run-options.ts";
import { toDetail } from "./status-detail.ts";
import { toTable } from "./status-table.ts";

interface StatusOptions {
  readonly runs: string;
  readonly json: boolean;
  /** `true` without a number. */
  readonly watch?: true | number;
}

/** `r1sgg status [RUN]`: what runs, and how the others ended. */
export const statusCommand = (io: Io): Command =>
  new Command("status")
    .description("show runs, here or on a cluster: state, step, speed, reward, time left")
    .argument("[run]", "its id, or its folder; without it all of --runs")
    .addOption(runsOption)
    .option("--json", "print JSON", false)
    .option("--watch [seconds]", "again and again (every 5 s)", wholeNumber(1))
    .action(async (name: string | undefined, options: StatusOptions) => {
      for (;;) {
        const text = await look(name, options, io);
        const screen = options.watch && process.stdout.isTTY && !options.json;
        io.print(screen ? `\x1b[H\x1b[J${text}` : text);
        if (options.watch === undefined) return;
        await delay((options.watch === true ? 5 : options.watch) * 1000);
      }
    });

async function look(
  name: string | undefined,
  { runs, json, watch }: StatusOptions,
  { warn }: Io,
): Promise<string> {
  const toJson = (value: unknown): string =>
    `${JSON.stringify(value, null, watch === undefined ? 2 : 0)}\n`;
  if (name !== undefined) {
    const found = await findRun(name, runs);
    const [run] = (await observeRuns([found])) as [Observed];
    const containers = await describeContainers(found.record);
    const status = { ...run, ...(containers.length > 0 && { containers }) };
    return json ? toJson(status) : toDetail(status);
  }
  const all = await observeRuns(await findRuns(runs));
  if (json) return toJson(all);
  if (all.length > 0) return toTable(all);
  warn(`no runs in "${runs}"\n`);
  return "";
}
