import { appendFileSync } from "node:fs";
import { join } from "node:path";

/** Adds a line to `RUN/events.jsonl`: what happened in the run, over all its starts. */
export function appendEvent(
  runDir: string,
  event: string,
  fields: Readonly<Record<string, unknown>> = {},
): void {
  const line = JSON.stringify({ time: new Date().toISOString(), event, ...fields });
  appendFileSync(join(runDir, "events.jsonl"), `${line}\n`);
}
