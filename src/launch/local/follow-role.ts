import { join } from "node:path";
import type { PlanRole } from "../../plan/run-plan.ts";
import { watchHeartbeat } from "../heartbeat.ts";
import { describeStep, followProgress } from "../progress-file.ts";
import type { Teller } from "../smoke-run.ts";
import type { Supervisor } from "../supervise.ts";

/** What following a role needs. */
export interface Following {
  readonly runDir: string;
  readonly supervisor: Pick<Supervisor, "watch">;
  readonly tell: Teller;
  /** Ends the following. */
  readonly signal: AbortSignal;
}

/** Shows the steps of a role that writes some, and ends the run when they stand still. */
export function followRole(
  { name, heartbeat }: PlanRole,
  { runDir, supervisor: { watch }, tell, signal }: Following,
): void {
  if (heartbeat === undefined) return;
  const path = join(runDir, heartbeat.path);
  void watch(watchHeartbeat({ role: name, ...heartbeat, path }, signal));
  if (!heartbeat.path.startsWith("progress/")) return;
  const onLine = (line: Parameters<typeof describeStep>[0]) =>
    tell.update(name, describeStep(line));
  void watch(followProgress(path, onLine, signal));
}
