import { createInterface } from "node:readline/promises";
import { Command } from "commander";
import { align } from "./columns.ts";
import type { Io } from "./io.ts";

/** `r1sgg containers prune`: removes what dead runs have left on the engine. */
export const containersPruneCommand = ({ print, warn }: Io): Command =>
  new Command("prune")
    .description("find containers of runs that are over, and remove them")
    .option("-f, --force", "do not ask", false)
    .option("--json", "print JSON of what was found", false)
    .action(async ({ force, json }: { force: boolean; json: boolean }) => {
      const { connect } = await import("../launch/docker/engine.ts");
      const { findDeadContainers, removeDeadContainers } = await import(
        "../launch/docker/dead-containers.ts"
      );
      const { host } = await connect();
      const dead = await findDeadContainers(host);
      if (json) print(`${JSON.stringify(dead, null, 2)}\n`);
      else if (dead.length === 0) return warn(`no containers of dead runs on "${host}"\n`);
      else
        print(
          align([
            ["CONTAINER", "STATE", "WHY"],
            ...dead.map((one) => [one.name, one.status, one.why]),
          ]),
        );
      if (dead.length === 0) return;
      if (!force && !(await agreed(dead.length)))
        return warn("nothing removed (--force does not ask)\n");
      await removeDeadContainers(host, dead);
      warn(`removed ${dead.length} container(s)\n`);
    });

/** Asks a person; without a terminal there is nobody to ask. */
async function agreed(count: number): Promise<boolean> {
  if (!process.stdin.isTTY) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`remove ${count} container(s)? [y/N] `);
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}
