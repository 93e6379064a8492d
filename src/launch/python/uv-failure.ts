import { SggError } from "../../errors.ts";

/** Whether uv failed because something did not answer, and not because of what it was asked. */
export const wasUnreachable = (lines: readonly string[]): boolean =>
  /Failed to fetch|error sending request|dns error|Connection refused|network is unreachable|timed out/i.test(
    lines.join("\n"),
  );

/** uv's words as one error that says what to do. */
export function uvFailure(what: string, lines: readonly string[]): SggError {
  const text = lines.join("\n");
  const said = complaint(lines);
  if (/No space left on device|os error 28/.test(text)) {
    return new SggError(
      "LAUNCH",
      `Cannot install ${what}: the disk is full, expected more room; set R1SGG_CACHE to a folder on a larger disk`,
    );
  }
  if (wasUnreachable(lines)) {
    const name = packageIn(text);
    return new SggError(
      "LAUNCH",
      `Cannot download ${name ? `"${name}" of ` : ""}${what}: ${said.at(-1) ?? "no answer"}, expected a network connection`,
    );
  }
  return new SggError(
    "LAUNCH",
    `Cannot install ${what}: uv said "${said.join("; ")}", expected every package of the lock`,
  );
}

/** From uv's first error on, without its labels. */
function complaint(lines: readonly string[]): readonly string[] {
  const first = lines.findIndex((line) => /^\s*(error:|×)/.test(line));
  return (first < 0 ? lines.slice(-3) : lines.slice(first))
    .map((line) => line.replace(/^[\s×╰─▶├│]*(error:|cause:)?\s*/, ""))
    .filter((line) => line !== "");
}

/** The package that uv was about: named outright, or by the address of its index page or file. */
const packageIn = (text: string): string | undefined =>
  /`([\w.-]+)==/.exec(text)?.[1] ??
  /\/simple\/([\w.-]+)\//.exec(text)?.[1] ??
  /\/([A-Za-z0-9_.]+)-[^/\s]+\.(?:whl|tar\.gz)/.exec(text)?.[1];
