import { SggError } from "../errors.ts";
import type { Finding } from "../launch/doctor/finding.ts";
import type { Io } from "./io.ts";

/**
 * Prints findings, for people or as JSON.
 *
 * @throws {SggError} LAUNCH when one of them keeps every run from working
 */
export function tellFindings(
  findings: readonly Finding[],
  { what, json, print }: { readonly what: string; readonly json: boolean } & Pick<Io, "print">,
): void {
  print(json ? `${JSON.stringify(findings, null, 2)}\n` : findings.map(toText).join(""));
  const faults = findings.filter(({ level }) => level === "fault");
  if (faults.length === 0) return;
  const names = faults.map(({ name }) => name).join(", ");
  throw new SggError("LAUNCH", `Cannot run on this ${what} as it is: ${names}, expected no fault`);
}

const marks = { ok: "ok", warning: "warn", fault: "FAULT" } as const;

const toText = ({ name, level, found, mend }: Finding): string =>
  `${marks[level].padEnd(5)}  ${name}: ${found}\n${mend === undefined ? "" : `       → ${mend}\n`}`;
