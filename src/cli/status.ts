import { Command } from "commander";
import { describeContainers } from "../launch/leftovers.ts";
import { type Observed, observeRuns } from "../launch/observe.ts";
import { findRun, findRuns } from "../launch/runs.ts";
import type { Io } from "./io.ts";
import { wholeNumber } from "./numbers.ts";
import { runsOption } from "./run-options.ts";
import { frame, outputScreen } from "./screen.ts";
import { toDetail } from "./status-detail.ts";
import { toLocal, toTable } from "./status-table.ts";
import { watch } from "./watch.ts";

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
      const { watch: asked, json } = options;
      if (asked === undefined) return io.print(await look(name, options, io));
      const seconds = asked === true ? 5 : asked;
      const seen = async () => {
        const text = await look(name, options, io);
        const screen = json ? undefined : outputScreen();
        if (screen === undefined) return { text };
        const title = `${toLocal(new Date().toISOString())}, every ${seconds} s, Ctrl-C ends`;
        return { text: frame(text, title, screen) };
      };
      await watch(seconds, seen, async ({ text }) => io.print(text));
    });

async function look(
  name: string | undefined,
  { runs, json, watch: watched }: StatusOptions,
  { warn }: Io,
): Promise<string> {
  const toJson = (value: unknown): string =>
    `${JSON.stringify(value, null, watched === undefined ? 2 : 0)}\n`;
  if (name !== undefined) {
    const found = await findRun(name, runs);
    const [run] = (await observeRuns([found])) as [Observed];
    const containers = await describeContainers(found.record);
    const status = { ...run, ...(containers.length > 0 && { containers }) };
    return json ? toJson(status) : toDetail(status);
  }
  const all = await observeRuns(await findRuns(runs));
  if (json) return toJson(all);
  if (all.length > 0) return toTable(all, process.stdout.columns);
  warn(`no runs in "${runs}"\n`);
  return "";
}
