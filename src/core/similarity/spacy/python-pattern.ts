/**
 * White space to Python's `str.isspace` and to `\s` of its `re`, to stand in a character class.
 *
 * Source: CPython 3.11 `_PyUnicode_IsWhitespace`
 */
export const spaces =
  "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";

const wordCharacters = "\\p{L}\\p{N}_";
const digits = "\\p{Nd}";

/**
 * A regular expression of Python as one of JavaScript.
 *
 * Knows what spaCy's patterns use, without flags. `$` stays as it is, though Python's also fits
 * before a last line end: no text that the tokenizer searches has one beside other characters.
 *
 * Errors: SyntaxError for what it does not know
 * Source: CPython 3.11 `re`
 *
 * @example
 * pythonPattern("[a\\d]+\\!$"); // /[a\p{Nd}]+!$/u
 */
export function pythonPattern(source: string, flags = ""): RegExp {
  const pattern = source
    .replace(/^\(\?u\)/, "") // Unicode, which is the default
    .replace(
      /(\[\^?)(\]?(?:\\.|[^\\\]])*)\]|\\(U.{8}|.)/gsu,
      (_, opening?: string, members?: string, escaped?: string) =>
        opening === undefined ? outside(escaped!) : `${opening}${classMembers(members!)}]`,
    );
  return new RegExp(pattern, `${flags}u`);
}

/** A bracket right after the opening one is a character. */
const classMembers = (members: string): string =>
  members.replace(/^\]/, "\\]").replace(/\\(U.{8}|.)/gsu, (_, escaped: string) => inside(escaped));

const inside = (escaped: string): string => {
  if (escaped === "d") return digits;
  if (escaped === "w") return wordCharacters;
  if (escaped === "s") return spaces;
  return escaped === "-" ? "\\-" : character(escaped);
};

const outside = (escaped: string): string => {
  if (escaped === "d" || escaped === "w" || escaped === "s") return `[${inside(escaped)}]`;
  return escaped === "S" ? `[^${spaces}]` : character(escaped);
};

/** JavaScript escapes no character that has no need of it. */
function character(escaped: string): string {
  if (escaped.startsWith("U")) return `\\u{${escaped.slice(1)}}`;
  if (/^[nrtfvxu^$\\.*+?()[\]{}|/]$/.test(escaped)) return `\\${escaped}`;
  if (!/^[A-Za-z0-9]$/.test(escaped)) return escaped;
  throw new SyntaxError(`Python's "\\${escaped}" is none of the escapes that are known here`);
}
