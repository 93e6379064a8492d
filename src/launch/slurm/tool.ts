import { ExecaError, execa } from "execa";
import { SggError } from "../../errors.ts";

/** Slurm's commands that we call. */
export type SlurmCommand = "sbatch" | "squeue" | "sacct" | "scontrol" | "scancel" | "sinfo";

/** What a command of Slurm said. */
export interface SlurmAnswer {
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Calls a command of Slurm.
 *
 * @throws {SggError} LAUNCH when it is not there or refuses, with its own words
 */
export async function slurmTool(
  command: SlurmCommand,
  args: readonly string[],
  action: string,
): Promise<SlurmAnswer> {
  try {
    const { stdout, stderr } = await execa(command, args, { stdin: "ignore", timeout: 60_000 });
    return { stdout, stderr };
  } catch (cause) {
    if (!(cause instanceof ExecaError)) throw cause;
    const why =
      cause.code === "ENOENT"
        ? `there is no ${command} on PATH, expected a login node of a Slurm cluster`
        : withoutPrefix(String(cause.stderr ?? "")) || cause.shortMessage;
    throw new SggError("LAUNCH", `Cannot ${action}: ${why}`, { cause });
  }
}

/** Slurm begins each line with the name of its command. */
const withoutPrefix = (text: string): string =>
  text
    .trim()
    .split("\n")
    .map((line) => line.replace(/^\w+: (error: )?/, ""))
    .join("; ");
