import { createReadStream } from "node:fs";
import { cannotRead, cannotUse } from "./source-file.ts";

/**
 * Hands over the items of a long list in a JSON object one by one, and gives the rest of it.
 *
 * `{"data": [1, 2], "x": 3}` with the key `data` hands over 1 and 2, and gives
 * `{data: [], x: 3}`: for files whose whole would take several times their size in memory.
 *
 * Errors: SggError DATA when the file cannot be read, or is broken, with the place of the item.
 */
export async function readAroundList(
  path: string,
  key: string,
  expected: string,
  each: (item: unknown, place: number) => void,
): Promise<unknown> {
  const parse = (text: string, where: string): unknown => {
    try {
      return JSON.parse(text);
    } catch (cause) {
      throw cannotUse(path, `broken JSON${where} (${(cause as Error).message})`, expected, cause);
    }
  };
  const begin = new RegExp(`"${key}"\\s*:\\s*\\[$`);
  const scan: Scan = { depth: 0, inString: false, escaped: false, inList: false };
  const outside: string[] = [];
  let item = "";
  let place = 0;
  for await (const chunk of chunksOf(path, expected)) {
    let from = 0;
    for (const { mark, at } of marks(scan, chunk)) {
      if (mark === "open") {
        outside.push(chunk.slice(from, at + 1));
        scan.inList = begin.test(outside.join(""));
      } else {
        item += chunk.slice(from, at);
        const empty = mark === "close" && place === 0 && item.trim() === "";
        if (!empty) each(parse(item, ` in ${key}.${place}`), place);
        item = "";
        place += 1;
        scan.inList = mark === "comma";
      }
      from = mark === "close" ? at : at + 1; // the bracket belongs to what is outside
    }
    if (scan.inList) item += chunk.slice(from);
    else outside.push(chunk.slice(from));
  }
  return parse(outside.join(""), "");
}

/** Where in the text the scan is; `inList` is whether in the list that is asked for. */
interface Scan {
  depth: number;
  inString: boolean;
  escaped: boolean;
  inList: boolean;
}

/**
 * The places that matter in a piece of JSON text.
 *
 * `open`: a list directly in the object begins; `comma` and `close`: an item of our list ends.
 */
function* marks(scan: Scan, chunk: string) {
  for (let at = 0; at < chunk.length; at += 1) {
    const sign = chunk[at];
    if (scan.inString) {
      if (scan.escaped) scan.escaped = false;
      else if (sign === "\\") scan.escaped = true;
      else if (sign === '"') scan.inString = false;
    } else if (sign === '"') scan.inString = true;
    else if (sign === "{" || sign === "[") {
      scan.depth += 1;
      if (scan.depth === 2 && sign === "[") yield { mark: "open", at } as const;
    } else if (sign === "}" || sign === "]") {
      scan.depth -= 1;
      if (scan.depth === 1 && scan.inList) yield { mark: "close", at } as const;
    } else if (sign === "," && scan.depth === 2 && scan.inList)
      yield { mark: "comma", at } as const;
  }
}

async function* chunksOf(path: string, expected: string): AsyncGenerator<string> {
  try {
    yield* createReadStream(path, { encoding: "utf8", highWaterMark: 1 << 17 });
  } catch (cause) {
    throw cannotRead(path, cause, expected);
  }
}
