import type { Target } from "../core/graph/scene-graph.ts";
import type { Task } from "../core/rewards/reward.ts";
import type { Fault } from "../data/fault.ts";
import { target } from "./fields.ts";
import { brokenJson, issueFault } from "./issue-fault.ts";
import { failWithoutLists, toItem } from "./request.ts";

/**
 * Reads a target from JSON, as it is sent to the endpoint: the target, or everything wrong with it.
 *
 * Errors: none
 */
export function readTarget(
  json: string,
  task: Task,
): { readonly target: Target } | { readonly faults: readonly Fault[] } {
  let sent: unknown;
  try {
    sent = JSON.parse(json);
  } catch (cause) {
    const found = brokenJson(cause as SyntaxError);
    return { faults: [{ found, expected: "a JSON object" }] };
  }
  const read = target.safeParse(sent);
  if (!read.success) return { faults: read.error.issues.map((one) => issueFault(one, sent, {})) };
  const faults: Fault[] = [];
  failWithoutLists(read.data, task, (path, expected) =>
    faults.push({ field: path.join("."), found: "nothing", expected }),
  );
  return faults.length > 0 ? { faults } : { target: toItem("", read.data, { task }).target };
}
