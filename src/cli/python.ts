import { dirname, join } from "node:path";
import { Command, Option } from "commander";
import { ensurePythonEnv } from "../launch/python-env.ts";
import { quote } from "../plan/slurm/quote.ts";
import { shipped } from "../root.ts";
import { interruptible } from "./interruptible.ts";
import type { Io } from "./io.ts";

/** `r1sgg python`: makes the locked Python environment, and says what puts it on PATH. */
export const pythonCommand = ({ print, warn }: Io): Command =>
  new Command("python")
    .description(
      "make the locked Python environment (vLLM, TRL, the worker) and print the lines of bash that put it on PATH",
    )
    .addOption(
      new Option("--device <device>", "whose packages").choices(["cpu", "cuda"]).default("cuda"),
    )
    .option("--json", "print the lines as a JSON list, as a profile's `setup` takes it", false)
    .addHelpText("after", help)
    .action(async ({ device, json }: { device: "cpu" | "cuda"; json: boolean }) => {
      const say = (text: string) => warn(`python: ${text}\n`);
      const words = (signal: string) => `The Python environment was interrupted by ${signal}`;
      const { python, env } = await interruptible(words, (signal) =>
        ensurePythonEnv({ device, say, signal }),
      );
      const path = [dirname(python), shipped("bin")].map(quote).join(":");
      const lines = [
        `export PATH=${path}:$PATH`,
        `export PYTHONPATH=${quote(env.PYTHONPATH ?? "")} R1SGG_PYTHON_ENV=${quote(join(dirname(python), ".."))}`,
      ];
      print(json ? `${JSON.stringify(lines)}\n` : `${lines.join("\n")}\n`);
    });

const help = `
For a cluster without containers, on a login node with a network:
  R1SGG_CACHE=$SCRATCH/r1sgg r1sgg python --device cuda
The lines are what the profile's \`setup\` wants; the folder has to be one that all nodes see.
The GPU packages were resolved and never installed as a whole by us; for aarch64 take containers.`;
