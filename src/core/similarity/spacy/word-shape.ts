/**
 * Digits to Python that are not decimal: superscripts, circled and the like.
 *
 * Source: Unicode 14, Numeric_Type=Digit
 */
const otherDigits =
  "\\xb2\\xb3\\xb9\\u1369-\\u1371\\u19da\\u2070\\u2074-\\u2079\\u2080-\\u2089\\u2460-\\u2468" +
  "\\u2474-\\u247c\\u2488-\\u2490\\u24ea\\u24f5-\\u24fd\\u24ff\\u2776-\\u277e\\u2780-\\u2788" +
  "\\u278a-\\u2792\\u{10a40}-\\u{10a43}\\u{10e60}-\\u{10e68}\\u{11052}-\\u{1105a}" +
  "\\u{1f100}-\\u{1f10a}";

const isAlpha = /^\p{L}$/u;
const isUpper = /^\p{Uppercase}$/u;
const isDigit = new RegExp(`^[\\p{Nd}${otherDigits}]$`, "u");

/**
 * What kinds of characters a word is made of, runs cut to four.
 *
 * Source: spaCy 3.8.18 `lang/lex_attrs.py`, `word_shape`
 *
 * @example
 * wordShape("C3PO-units"); // "XdXX-xxxx"
 */
export function wordShape(word: string): string {
  const characters = [...word];
  if (characters.length >= 100) return "LONG";
  let shape = "";
  let last = "";
  let run = 0;
  for (const character of characters) {
    const kind = shapeOf(character);
    run = kind === last ? run + 1 : 1;
    last = kind;
    if (run <= 4) shape += kind;
  }
  return shape;
}

function shapeOf(character: string): string {
  if (isAlpha.test(character)) return isUpper.test(character) ? "X" : "x";
  return isDigit.test(character) ? "d" : character;
}
