import { SggError } from "../../errors.ts";
import { type SlurmCommand, slurmTool } from "../slurm/tool.ts";

/** The words of one of Slurm's commands; undefined when it refuses. */
export const ask = (
  command: SlurmCommand,
  ...args: readonly string[]
): Promise<string | undefined> =>
  slurmTool(command, args, "look at the cluster").then(
    ({ stdout }) => stdout,
    (cause: unknown) => {
      if (cause instanceof SggError) return undefined;
      throw cause;
    },
  );
