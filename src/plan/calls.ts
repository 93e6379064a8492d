import type { RunPlan } from "./run-plan.ts";

/**
 * Each role's command as a file, for who starts it by hand: path to text.
 *
 * Placeholders stay what they are in the plan: a port, a host or a URL that only a start knows.
 */
export const toCalls = ({ roles }: RunPlan): Readonly<Record<string, string>> =>
  Object.fromEntries(
    roles.map(({ name, command, env, secretEnv, gpus, after }) => [
      `artifacts/roles/${name}.json`,
      `${JSON.stringify({ command, env, secretEnv, gpus, after }, null, 2)}\n`,
    ]),
  );
