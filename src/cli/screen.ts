/** The terminal that a text is shown on. */
export interface Screen {
  readonly columns: number;
  readonly rows: number;
}

/** The terminal of the output; undefined for a file, a pipe, or one on which nothing can be drawn over. */
export const outputScreen = ({ stdout, env } = process): Screen | undefined =>
  stdout.isTTY && env.TERM !== "dumb"
    ? { columns: stdout.columns || 80, rows: stdout.rows || 24 }
    : undefined;

/**
 * A text over what stands on the screen, without a flicker: line over line, then the rest is cleared.
 *
 * What has no room is left out, the oldest lines below the heading first; longer lines are cut, since a
 * broken one would push the others out.
 */
export function frame(text: string, title: string, { columns, rows }: Screen): string {
  const [head = "", ...lines] = text.split("\n").slice(0, -1);
  const room = Math.max(1, rows - 3); // the title, the heading, and the line of the cursor
  const hidden = lines.length - room + 1;
  const shown = lines.length <= room ? lines : [`… ${hidden} lines more`, ...lines.slice(hidden)];
  const drawn = [title, head, ...shown].map((line) => `${line.slice(0, columns)}\x1b[K\n`);
  return `\x1b[H${drawn.join("")}\x1b[J`;
}
