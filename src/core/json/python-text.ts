/**
 * Whether a UTF-16 unit is white space to Python's `str.strip` and to `\s` of its `re`.
 *
 * JavaScript differs: its `trim` also takes U+FEFF and leaves U+001C to U+001F and U+0085.
 *
 * Errors: none; NaN, which `charCodeAt` gives past the end, is no space
 * Source: CPython 3.11 `_PyUnicode_IsWhitespace`
 */
export const isPythonSpace = (unit: number): boolean =>
  (unit >= 0x09 && unit <= 0x0d) ||
  (unit >= 0x1c && unit <= 0x20) ||
  unit === 0x85 ||
  unit === 0xa0 ||
  unit === 0x1680 ||
  (unit >= 0x2000 && unit <= 0x200a) ||
  unit === 0x2028 ||
  unit === 0x2029 ||
  unit === 0x202f ||
  unit === 0x205f ||
  unit === 0x3000;

/**
 * A text without white space at both ends, as Python's `str.strip()` leaves it.
 *
 * Source: CPython 3.11 `str.strip`
 *
 * @example
 * pythonStrip("\u0085 a b\u001c"); // "a b"
 */
export function pythonStrip(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isPythonSpace(text.charCodeAt(start))) start += 1;
  while (end > start && isPythonSpace(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(start, end);
}
