import { SggError } from "../../errors.ts";
import { slurmTool } from "./tool.ts";

/** How a job waits for others. */
export interface Submission {
  /** The run folder, in which the job starts. */
  readonly runDir: string;
  /** The script, relative to the run folder. */
  readonly script?: string;
  /** Ids of jobs that must have ended well. */
  readonly after?: readonly string[];
  /** Id of an array, of which each task must have ended well for the same task of this one. */
  readonly afterTasksOf?: string;
}

/**
 * Asks Slurm whether it would take a job; gives its words about when and where.
 *
 * @throws {SggError} LAUNCH with Slurm's reason when it would not
 */
export async function testSubmission(submission: Submission): Promise<string> {
  const { runDir } = submission;
  const args = ["--test-only", ...argumentsOf(submission)];
  const { stderr } = await slurmTool("sbatch", args, `submit run "${runDir}" to Slurm`);
  return stderr.trim().replace(/^sbatch: /, "");
}

/**
 * Submits a job and gives its id.
 *
 * @throws {SggError} LAUNCH when `sbatch` is missing, refuses the script, or answers no id
 */
export async function submit(submission: Submission): Promise<string> {
  const { runDir } = submission;
  const args = ["--parsable", ...argumentsOf(submission)];
  const { stdout } = await slurmTool("sbatch", args, `submit run "${runDir}" to Slurm`);
  return parseJobId(stdout);
}

/**
 * The job id that `sbatch --parsable` prints, as `id` or `id;cluster`.
 *
 * @throws {SggError} LAUNCH for anything else
 */
export function parseJobId(stdout: string): string {
  const id = /^(\d+)(?:;\S+)?$/.exec(stdout.trim())?.[1];
  if (id !== undefined) return id;
  throw new SggError(
    "LAUNCH",
    `Cannot read the job's id from sbatch: found "${stdout}", expected "id" or "id;cluster"`,
  );
}

const argumentsOf = (submission: Submission) => {
  const { runDir, script = "artifacts/job.sbatch", after = [], afterTasksOf } = submission;
  const wait = after.length > 0 ? `afterok:${after.join(":")}` : undefined;
  const dependency = afterTasksOf === undefined ? wait : `aftercorr:${afterTasksOf}`;
  return [
    `--chdir=${runDir}`,
    ...(dependency === undefined
      ? []
      : [`--dependency=${dependency}`, "--kill-on-invalid-dep=yes"]),
    `${runDir}/${script}`,
  ];
};
