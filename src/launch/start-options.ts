import type { Probe, Waiting } from "./ready.ts";

/** When a service counts as started. */
export interface Readiness extends Pick<Waiting, "timeoutMs" | "intervalMs" | "onWait"> {
  readonly probe: Probe;
  /** The port must be served by the role's own processes: a stranger there is not our service. */
  readonly port?: number;
}

/** How a role is started. */
export interface StartOptions {
  readonly untilReady?: Readiness;
  /** Others do its work when it ends: its end does not end the run. */
  readonly spare?: boolean;
}
