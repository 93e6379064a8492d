import { SggError } from "../../errors.ts";
import {
  parseSacct,
  parseScontrol,
  parseSqueue,
  type SlurmJob,
  sacctFormat,
  squeueFormat,
} from "./job-state.ts";
import { slurmTool } from "./tool.ts";

/**
 * What Slurm knows of jobs, by their ids; those that it has forgotten are left out.
 *
 * The controller is asked first, which keeps ended jobs for some minutes; then the accounting, where
 * there is one. Two calls for any number of jobs.
 *
 * @throws {SggError} LAUNCH when Slurm's commands are not there, or its controller does not answer
 */
export async function findJobs(ids: readonly string[]): Promise<ReadonlyMap<string, SlurmJob>> {
  if (ids.length === 0) return new Map();
  const list = ids.join(",");
  const queue = [
    "--noheader",
    "--array",
    "--states=all",
    `--jobs=${list}`,
    `--format=${squeueFormat}`,
  ];
  const active = await slurmTool("squeue", queue, "ask Slurm for jobs").then(
    ({ stdout }) => parseSqueue(stdout),
    (cause: unknown) => {
      // With one id that it has forgotten squeue fails, with several it leaves it out.
      if (cause instanceof SggError && /Invalid job id/i.test(cause.message)) return [];
      throw cause;
    },
  );
  const missing = ids.filter((id) => !active.some(({ job }) => job === id));
  const past = missing.length === 0 ? [] : await askAccounting(missing);
  return new Map([...past, ...active].map((one) => [one.job, one]));
}

/** Without accounting, sacct fails: nobody knows then. */
async function askAccounting(ids: readonly string[]): Promise<readonly SlurmJob[]> {
  const args = ["--noheader", "--parsable2", `--jobs=${ids.join(",")}`, `--format=${sacctFormat}`];
  const answer = await slurmTool("sacct", args, "ask Slurm's accounting").catch(() => undefined);
  return answer === undefined ? [] : parseSacct(answer.stdout);
}

/** All that Slurm knows of one job, with its exit code; undefined when it has forgotten it. */
export async function findJob(id: string): Promise<SlurmJob | undefined> {
  const shown = await slurmTool("scontrol", ["show", "job", id], "ask Slurm for a job").catch(
    () => undefined,
  );
  return (shown && parseScontrol(shown.stdout)) ?? (await findJobs([id])).get(id);
}
