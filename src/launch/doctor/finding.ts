/** What a look at one thing gave. */
export interface Finding {
  /** What was looked at, for example `shared memory`. */
  readonly name: string;
  /** `fault` keeps every run from working, `warning` some of them. */
  readonly level: "ok" | "warning" | "fault";
  readonly found: string;
  /** What to do about it. */
  readonly mend?: string;
}

/** All is well with something. */
export const ok = (name: string, found: string): Finding => ({ name, level: "ok", found });

/** Something that some runs will miss. */
export const warning = (name: string, found: string, mend: string): Finding => ({
  ...{ name, level: "warning", found, mend },
});

/** Something that no run can do without. */
export const fault = (name: string, found: string, mend: string): Finding => ({
  ...{ name, level: "fault", found, mend },
});

/** Bytes as people say them. */
export const gib = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
