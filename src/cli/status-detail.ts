import type { Observed } from "../launch/observe.ts";
import { align } from "./columns.ts";
import { toLocal, toProgress } from "./status-table.ts";

/** One run on a screen: what is known of it, and its roles. */
export function toDetail(run: Observed & { readonly containers?: readonly string[] }): string {
  const [step, speed, reward, left] = toProgress(run.progress, run.state === "running");
  const facts = align([
    ["run", run.id],
    ["folder", run.folder],
    ["state", run.state],
    ["stage", run.stage ?? "-"],
    ...(run.progress === undefined
      ? []
      : [
          ["step", `${step}, ${speed}, ${left} left`],
          ["reward", reward],
          ["last step", toLocal(run.progress.at)],
        ]),
    ...where(run),
    ["started", toLocal(run.started)],
    ["ended", toLocal(run.ended)],
  ]);
  const reason = run.reason === undefined ? "" : `reason  ${run.reason}\n`;
  const containers = (run.containers ?? []).map((one) => `container  ${one}\n`).join("");
  return `${facts}${reason}${containers}${run.roles.length > 0 ? `\n${toRoles(run)}` : ""}`;
}

function where({ slurm, pid, machine }: Observed): readonly (readonly [string, string])[] {
  if (slurm === undefined) return [["cli", `process ${pid} on ${machine}`]];
  const { job, cluster, attempt, known } = slurm;
  return [
    ["job", `${job} on ${cluster}${known === undefined ? "" : `, ${known.state}`}`],
    ...(known?.nodes === undefined ? [] : [["nodes", known.nodes] as const]),
    ...(known?.timeLeft === undefined ? [] : [["limit in", known.timeLeft] as const]),
    ...(attempt === undefined ? [] : [["starts", String(attempt + 1)] as const]),
  ];
}

const toRoles = (run: Observed): string =>
  align([
    ["ROLE", "PID", "STATE", "STARTED", "LOG"],
    ...run.roles.map((role) => [
      role.name,
      String(role.pid),
      role.running ? "running" : (role.signal ?? exitWord(role.exitCode)),
      toLocal(role.startedAt),
      role.log,
    ]),
  ]);

const exitWord = (code: number | undefined): string =>
  code === undefined ? "gone" : `exit ${code}`;
