import type { RunPlan } from "../../plan/run-plan.ts";
import type { Recipe } from "../../recipe/recipe.ts";
import { inPython } from "../inputs/in-python.ts";
import { launchHere, type RoleHost, type RunPlace } from "../launch-here.ts";
import { ensurePythonEnv } from "../python-env.ts";
import { pythonStack } from "../python-stack.ts";
import { writeFacts } from "../run-facts.ts";
import type { Teller } from "../smoke-run.ts";
import { localSpec } from "./local-spec.ts";

/** Runs a plan as processes of this machine. Errors: those of `launchHere` */
export const launchLocally = (
  plan: RunPlan,
  recipe: Recipe,
  place: RunPlace,
  tell: Teller,
  interrupt?: AbortSignal,
): Promise<void> =>
  launchHere(plan, recipe, place, localHost(plan, place, tell), { tell, interrupt });

/** Roles as processes, with the locked Python environment where one needs it. */
const localHost = (plan: RunPlan, { runDir }: RunPlace, tell: Teller): RoleHost => ({
  open: async ({ signal }) => {
    const needsPython = plan.roles.some(({ image }) => image !== "reward");
    const python = needsPython
      ? await ensurePythonEnv({ device: plan.device, say: tell.say, signal })
      : undefined;
    await writeFacts(plan, runDir, python === undefined ? {} : await pythonStack(python));
    return {
      runTool: inPython(python, runDir, signal),
      toSpec: (role, argv, { tokens }) =>
        localSpec(role, argv, { runDir, device: plan.device, python, tokens }),
    };
  },
  close: async () => undefined,
});
