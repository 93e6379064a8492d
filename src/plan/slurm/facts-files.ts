import type { RunPlan } from "../run-plan.ts";
import { factsArguments } from "../stack-call.ts";
import { nulList } from "./quote.ts";

/**
 * The words by which one role first notes the versions in its own container: the trainer, or a sampler
 * where nothing is trained. None for a run without Python.
 *
 * Errors: none
 */
export function factsFiles({ roles }: RunPlan): Readonly<Record<string, string>> {
  const find = (image: string) => roles.find((role) => role.image === image);
  const role = find("worker") ?? find("sampler");
  if (role === undefined) return {};
  return { [`artifacts/roles/${role.name}.facts`]: nulList(["python", ...factsArguments]) };
}
