/**
 * A text in lines of at most so many columns, the first after a heading, the others below it.
 *
 * Unit:   columns, one for each character; a word that is longer alone stands on a line of its own.
 *
 * @example
 * wrapped("Batch", "256 completions a step", 24, 7); // "Batch  256 completions\n       a step"
 */
export function wrapped(heading: string, text: string, columns: number, indent: number): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line === "" || longer.length <= columns - indent) line = longer;
    else {
      lines.push(line);
      line = word;
    }
  }
  const [first, ...rest] = [...lines, line];
  return [`${heading.padEnd(indent)}${first}`, ...rest.map((one) => " ".repeat(indent) + one)].join(
    "\n",
  );
}
