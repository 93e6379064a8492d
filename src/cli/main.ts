#!/usr/bin/env node
import { Command, CommanderError } from "commander";
import { isRefusal } from "../cannot-write.ts";
import { exitCodes, SggError } from "../errors.ts";
import { version } from "../version.ts";
import type { Io } from "./io.ts";

/** Each command is read only when it is called or listed, so that a quick one stays quick. */
const commands: Readonly<Record<string, (io: Io) => Promise<Command>>> = {
  smoke: async (io) => (await import("./smoke.ts")).smokeCommand(io),
  plan: async (io) => (await import("./plan.ts")).planCommand(io),
  render: async (io) => (await import("./render.ts")).renderCommand(io),
  launch: async (io) => (await import("./launch.ts")).launchCommand(io),
  status: async (io) => (await import("./status.ts")).statusCommand(io),
  logs: async (io) => (await import("./logs.ts")).logsCommand(io),
  why: async (io) => (await import("./why.ts")).whyCommand(io),
  resume: async (io) => (await import("./resume.ts")).resumeCommand(io),
  cancel: async (io) => (await import("./cancel.ts")).cancelCommand(io),
  data: async (io) => (await import("./data.ts")).dataCommand(io),
  reward: async (io) => (await import("./reward.ts")).rewardCommand(io),
  infer: async (io) => (await import("./infer.ts")).inferCommand(io),
  containers: async (io) => (await import("./containers.ts")).containersCommand(io),
  doctor: async (io) => (await import("./doctor.ts")).doctorCommand(io),
  eval: async (io) => (await import("./eval.ts")).evalCommand(io),
  vqa: async (io) => (await import("./vqa.ts")).vqaCommand(io),
  python: async (io) => (await import("./python.ts")).pythonCommand(io),
  report: async (io) => (await import("./report.ts")).reportCommand(io),
};

/** Runs the command line and gives the exit code. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  const program = new Command("r1sgg")
    .description(
      "Train and judge scene-graph models as R1-SGG does: SFT, GRPO, inference, evaluation",
    )
    .version(version)
    .enablePositionalOptions() // so that `eval` leaves alone what its own commands are asked
    .addHelpText("after", "\nStart with `r1sgg smoke`: the whole job in small, no GPU needed.");
  const asked = Object.entries(commands).filter(([name]) => name === argv[0]);
  for (const [, load] of asked.length > 0 ? asked : Object.entries(commands))
    program.addCommand(await load(io));
  quiet(program, io);
  try {
    await program.parseAsync(argv, { from: "user" });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCodes.USAGE;
    if (isRefusal(error)) {
      io.warn(`r1sgg: Cannot go on: ${error.message}, expected a disk with room\n`);
      return exitCodes.LAUNCH;
    }
    if (!(error instanceof SggError)) throw error;
    io.warn(`r1sgg: ${error.message}\n`);
    return exitCodes[error.code];
  }
}

/** Lets no command end the process by itself, and sends words to `io`. */
function quiet(command: Command, io: Io): void {
  command.exitOverride().configureOutput({ writeOut: io.print, writeErr: io.warn });
  command.showHelpAfterError("(--help says more)");
  for (const child of command.commands) quiet(child, io);
}

if (import.meta.main) {
  const io: Io = {
    print: (text) => void process.stdout.write(text),
    warn: (text) => void process.stderr.write(text),
  };
  process.exitCode = await main(process.argv.slice(2), io);
  // What a failed run abandoned may still hold a timer or a socket: leave once all is said.
  process.stdout.write("", () => process.stderr.write("", () => process.exit()));
}
