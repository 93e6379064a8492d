import { stripVTControlCharacters } from "node:util";
import type { Io } from "./io.ts";

/** Where progress is shown; `process.stderr` is one. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly write: (text: string) => unknown;
}

/** What a command warns through, as wide as the terminal is at the time. */
export const terminal = ({ warn }: Io): ProgressStream => ({
  isTTY: process.stderr.isTTY,
  get columns() {
    return process.stderr.columns || 80;
  },
  write: warn,
});

/** One line that says what is being done, or waited for. */
export interface Progress {
  /** `stage` is what is done, `detail` how far it is. */
  readonly update: (stage: string, detail?: string) => void;
  /** A line that stays, above the live one. */
  readonly say: (text: string) => void;
  /** Takes the live line away. */
  readonly stop: () => void;
}

/** Without a terminal, a stage that goes on says so this often. */
const plainEveryMs = 15_000;
const clearLine = "\r\x1b[K";

/**
 * Shows progress: on a terminal as one line that is rewritten, elsewhere as a plain line when the
 * stage changes, and every 15 s while its detail does.
 */
export function showProgress(
  stream: ProgressStream = process.stderr,
  now: () => number = () => performance.now(),
): Progress {
  const live = stream.isTTY === true && process.env.TERM !== "dumb";
  let shown = "";
  let stageShown = "";
  let shownAt = Number.NEGATIVE_INFINITY;
  const draw = (line: string): void => {
    stream.write(`${clearLine}${clip(line, (stream.columns || 80) - 1)}`);
  };
  return {
    update: (stage, detail = "") => {
      const line = toLine(stage, detail);
      if (line === shown) return;
      const due = live || stage !== stageShown || now() - shownAt >= plainEveryMs;
      if (!due) return;
      shown = line;
      stageShown = stage;
      shownAt = now();
      if (live) draw(line);
      else stream.write(`${line}\n`);
    },
    say: (text) => {
      stream.write(`${live && shown !== "" ? clearLine : ""}${text}\n`);
      if (live && shown !== "") draw(shown);
    },
    stop: () => {
      if (live && shown !== "") stream.write(clearLine);
      shown = "";
      stageShown = "";
    },
  };
}

const toLine = (stage: string, detail: string): string =>
  stripVTControlCharacters(detail === "" ? stage : `${stage}: ${detail}`).replaceAll(/\s+/g, " ");

/** Cut between whole characters, so that the line never wraps: a wrapped one cannot be rewritten. */
const clip = (line: string, width: number): string => {
  const characters = [...line];
  return characters.length <= width ? line : `${characters.slice(0, width - 1).join("")}…`;
};
