/**
 * A text with nothing in it that a terminal would obey or hide: such characters as `\u{1b}`.
 *
 * Ids and predicates come from a model and may hold anything.
 */
export const visible = (text: string): string =>
  text.replace(
    /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`,
  );

/** Columns that a text takes on a terminal: two for the characters of East Asia and for pictures. */
export const columnsOf = (text: string): number =>
  [...text].reduce((sum, one) => sum + (/\p{M}/u.test(one) ? 0 : isWide(one) ? 2 : 1), 0);

const isWide = (character: string): boolean =>
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u.test(
    character,
  );

/** A text cut to so many columns; a longer one ends in `…`. */
export function fitted(text: string, most: number): string {
  if (columnsOf(text) <= most) return text;
  let cut = "";
  for (const character of text) {
    if (columnsOf(cut) + columnsOf(character) > most - 1) break;
    cut += character;
  }
  return `${cut}…`;
}

/** A column: how it is set, and how wide it may get. */
export interface Column {
  readonly align: "left" | "right";
  readonly most?: number;
}

/**
 * Rows set in columns with two blanks between; the last one is wrapped into what `width` leaves.
 *
 * Shape: every row has a cell for each column.
 */
export function setColumns(
  rows: readonly (readonly string[])[],
  columns: readonly Column[],
  width: number,
): readonly string[] {
  const last = columns.length - 1;
  const cells = rows.map((row) => row.map((cell, i) => fitted(cell, columns[i]?.most ?? Infinity)));
  const widths = columns.map((_, i) => Math.max(0, ...cells.map((row) => columnsOf(row[i] ?? ""))));
  const before = widths.slice(0, last).reduce((sum, one) => sum + one + 2, 0);
  return cells.flatMap((row) => {
    const lines = wrapped(row[last] ?? "", Math.max(20, width - before));
    const head = row.slice(0, last).map((cell, i) => {
      const blanks = " ".repeat(widths[i]! - columnsOf(cell));
      return columns[i]!.align === "left" ? `${cell}${blanks}  ` : `${blanks}${cell}  `;
    });
    return lines.map((line, i) => {
      const room = " ".repeat(
        Math.max(0, Math.min(widths[last]!, width - before) - columnsOf(line)),
      );
      const set = columns[last]!.align === "right" ? `${room}${line}` : line;
      return `${i === 0 ? head.join("") : " ".repeat(before)}${set}`.trimEnd();
    });
  });
}

/** A text in lines of at most so many columns, broken at blanks, or anywhere in a longer word. */
export function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const joined = line === "" ? word : `${line} ${word}`;
    if (columnsOf(joined) <= width) {
      line = joined;
      continue;
    }
    if (line !== "") lines.push(line);
    line = "";
    for (const character of word) {
      if (columnsOf(line) + columnsOf(character) > width) {
        lines.push(line);
        line = "";
      }
      line += character;
    }
  }
  return [...lines, line];
}
