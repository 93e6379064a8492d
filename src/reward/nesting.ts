const [quote, backslash] = [0x22, 0x5c];
const [openList, closeList, openObject, closeObject] = [0x5b, 0x5d, 0x7b, 0x7d];

/**
 * Whether JSON text is nested deeper than `most`, without parsing it.
 *
 * `JSON.parse` answers sixty million brackets after 20 seconds and 2.7 GB (measured); this looks
 * at each byte once. Text that is no JSON gets some answer, and its fault from the parser.
 */
export function isNestedDeeper(json: Uint8Array, most: number): boolean {
  let depth = 0;
  for (let at = 0; at < json.length; at += 1) {
    const byte = json[at];
    if (byte === quote) at = endOfText(json, at + 1);
    else if (byte === openList || byte === openObject) depth += 1;
    else if (byte === closeList || byte === closeObject) depth -= 1;
    if (depth > most) return true;
  }
  return false;
}

/** Index of the quote that ends a text. */
function endOfText(json: Uint8Array, from: number): number {
  let end = json.indexOf(quote, from);
  while (end >= 0) {
    let first = end;
    while (first > from && json[first - 1] === backslash) first -= 1;
    if ((end - first) % 2 === 0) return end;
    end = json.indexOf(quote, end + 1);
  }
  return json.length;
}
