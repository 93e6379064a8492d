/**
 * What went wrong, by who can mend it.
 *
 * `USAGE`, `RECIPE`, `PLAN`: what was asked for; `DATA`: the rows or images; `LAUNCH`: a role or
 * service could not start, became unreachable or died by a signal; `ROLE`: a role ended itself
 * with an error, or a limit stopped the run; `INTERRUPTED`: a person or the system asked us to stop.
 */
export type ErrorCode = "USAGE" | "RECIPE" | "PLAN" | "DATA" | "LAUNCH" | "ROLE" | "INTERRUPTED";

/** The process exit code of each kind of failure; 1 is left for our own bugs. */
export const exitCodes: Readonly<Record<ErrorCode, number>> = {
  USAGE: 2,
  RECIPE: 2,
  PLAN: 2,
  DATA: 3,
  LAUNCH: 4,
  ROLE: 5,
  INTERRUPTED: 130,
};

/** An expected failure that the person at the terminal can act on. Anything else is a bug. */
export class SggError extends Error {
  override readonly name = "SggError";
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
