import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** A line of events.jsonl as a job's script writes it. */
export interface RunEvent {
  readonly time: string;
  readonly event: string;
  readonly attempt?: number;
  readonly [more: string]: unknown;
}

/** Reads what a job's script said so far; a line that is being written is left out. */
export async function readEvents(runDir: string): Promise<readonly RunEvent[]> {
  const text = await readFile(join(runDir, "events.jsonl"), "utf8").catch(
    (cause: NodeJS.ErrnoException) => {
      if (cause.code === "ENOENT") return "";
      throw cause;
    },
  );
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as RunEvent);
}

/** How the last attempt ended by the script's own word; undefined while it goes on, or was killed. */
export function lastEnd(events: readonly RunEvent[]): RunEvent | undefined {
  const last = events.findLast(({ event }) => event === "ended" || event === "attempt started");
  return last?.event === "ended" ? last : undefined;
}
