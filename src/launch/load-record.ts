import { readFile } from "node:fs/promises";
import { z } from "zod";
import { SggError } from "../errors.ts";
import { type RunRecord, recordPath } from "./record.ts";

const Process = z.object({ pid: z.int().positive(), start: z.string() });
const Role = Process.extend({
  name: z.string(),
  kind: z.enum(["service", "task"]),
  command: z.array(z.string()),
  log: z.string(),
  startedAt: z.string(),
  endedAt: z.string().optional(),
  exitCode: z.int().optional(),
  signal: z.string().optional(),
});
const Schema = z.looseObject({
  runId: z.string(),
  token: z.uuid(),
  machine: z.string(),
  cli: Process,
  reaper: Process.optional(),
  graceMs: z.number(),
  state: z.enum(["running", "done", "failed", "interrupted", "lost"]),
  stage: z.string().optional(),
  startedAt: z.string(),
  endedAt: z.string().optional(),
  reason: z.string().optional(),
  roles: z.array(Role),
  slurm: z.object({ job: z.string(), cluster: z.string() }).optional(),
});

/**
 * Reads `record.json` of a run folder; undefined when there is none.
 *
 * @throws {SggError} USAGE when the file is not a record of ours
 */
export async function loadRecord(runDir: string): Promise<RunRecord | undefined> {
  const path = recordPath(runDir);
  const text = await readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT" || cause.code === "ENOTDIR") return undefined;
    throw unreadable(path, cause.message);
  });
  if (text === undefined) return undefined;
  const parsed = Schema.safeParse(parseJson(path, text));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw unreadable(path, `${issue?.path.join(".") || "the whole"}: ${issue?.message}`);
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw unreadable(path, cause.message);
  }
}

const unreadable = (path: string, why: string): SggError =>
  new SggError(
    "USAGE",
    `Cannot read "${path}": ${why}, expected the record of a run (delete the file if no run uses this folder)`,
  );
