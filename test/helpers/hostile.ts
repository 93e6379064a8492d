import fc from "fast-check";

const pieces = [
  ...["'", '"', "`", "$", "\\", "$(touch owned)", "`touch owned`", "; touch owned;", "$((1+1))"],
  ...["\n", "\r", "\t", "\x01", "\x7f", " ", "  ", "*", "?", "[a-z]", "~", "!", "#", "%j", "%%"],
  ...[
    "-",
    "--",
    "-n",
    "&",
    "|",
    "<",
    ">",
    "(",
    ")",
    "{a,b}",
    "=",
    "x",
    "é",
    "日本",
    "😀",
    "\u202e",
  ],
  ...[`\${HOME}`, "$HOME", "EOF", "@NAME@", "'\\''", "\\0", `\${x[$(touch owned)]}`],
];

/** Texts that a careless script reads otherwise, or runs: in a folder with the file "owned" then. */
export const hostile = (): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...pieces), { maxLength: 8 }).map((one) => one.join(""));
