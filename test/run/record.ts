import type { StepEnd } from "./step.ts";

/** What a record of the long suite hangs on. */
export interface RecordFacts {
  /** Of the start, ISO 8601 in UTC. */
  readonly startedAt: string;
  /** With its commit. */
  readonly code: string;
  readonly machine: string;
  readonly command: string;
}

/** The record of a long run in Markdown, as docs/long-test.md keeps it. */
export function longRecord(
  { startedAt, code, machine, command }: RecordFacts,
  steps: readonly StepEnd[],
): string {
  const sum = (of: (step: StepEnd) => number): number => steps.reduce((n, one) => n + of(one), 0);
  const minutes = Math.round(sum(({ seconds }) => seconds) / 60);
  const figures = steps.flatMap((step) => step.figures ?? []);
  const line = (...cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [
    `${startedAt.slice(0, 10)}, ${code}, \`${command}\`, ${machine}, ${minutes} minutes:`,
    `${sum(({ passed }) => passed)} passed, ${sum(({ failed }) => failed)} failed, ${sum(({ skipped }) => skipped.length)} skipped.`,
    "",
    line("part", "passed", "failed", "skipped", "seconds"),
    line("---", "---", "---", "---", "---"),
    ...steps.map(({ name, passed, failed, skipped, seconds }) =>
      line(name, `${passed}`, `${failed}`, `${skipped.length}`, seconds.toFixed(0)),
    ),
    ...(figures.length === 0
      ? []
      : [
          "",
          line("test", "figure", "found"),
          line("---", "---", "---"),
          ...figures.map(({ test, name, value }) => line(test, name, value)),
        ]),
    "",
  ].join("\n");
}
