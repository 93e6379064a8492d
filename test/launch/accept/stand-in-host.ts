import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Starter } from "../../../src/launch/accept/run-once.ts";
import { launchHere, type RoleHost, type RunPlace } from "../../../src/launch/launch-here.ts";
import type { RunPlan } from "../../../src/plan/run-plan.ts";

const program = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/**
 * Launches with doubles for what needs Python or GPUs: trainers, vLLM, the tiny model. Planning, inputs,
 * supervision, interrupt, resume and records are the real ones.
 *
 * @param broken what goes wrong, by run: see trainer.ts
 */
export const standInStarter =
  (broken: Readonly<Record<string, string>> = {}): Starter =>
  (plan, recipe, place, tell, interrupt) =>
    launchHere(plan, recipe, place, host(plan, place, broken), { tell, interrupt });

function host(
  plan: RunPlan,
  { runDir }: RunPlace,
  broken: Readonly<Record<string, string>>,
): RoleHost {
  return {
    open: async () => ({
      runTool: async () => {
        await mkdir(join(runDir, "inputs", "model"), { recursive: true });
        return { stdout: "", stderr: "", failed: false };
      },
      toSpec: ({ name, kind }, argv) => ({
        ...{ name, kind, cwd: runDir, command: process.execPath },
        args:
          kind === "task"
            ? [program("trainer.ts"), plan.stage, argv.at(-1) ?? ""]
            : [
                program("../../cluster/stand-ins/service.ts"),
                argv[argv.indexOf("--port") + 1] ?? "",
              ],
        env: { R1SGG_TEST_BREAK: broken[plan.id.replace(/-[0-9a-f]{8}$/, "")] ?? "" },
        logPath: join(runDir, "logs", `${name}.log`),
      }),
    }),
    close: async () => undefined,
  };
}
