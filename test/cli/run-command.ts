import { type Command, CommanderError } from "commander";
import type { Io } from "../../src/cli/io.ts";

/** What a command said, and the error it ended with. */
export interface CommandOutcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly error: unknown;
}

/** Runs one command in this process. */
export async function runCommand(
  make: (io: Io) => Command,
  ...args: readonly string[]
): Promise<CommandOutcome> {
  let stdout = "";
  let stderr = "";
  const print = (text: string) => {
    stdout += text;
  };
  const warn = (text: string) => {
    stderr += text;
  };
  const command = make({ print, warn }).exitOverride();
  command.configureOutput({ writeOut: print, writeErr: warn });
  const error = await command.parseAsync(args, { from: "user" }).then(
    () => undefined,
    (cause: unknown) => cause,
  );
  if (error instanceof CommanderError) stderr += error.message;
  return { stdout, stderr, error };
}
