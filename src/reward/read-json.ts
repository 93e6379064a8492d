import { gunzipSync } from "node:zlib";
import { HttpFault } from "./http-fault.ts";
import { isNestedDeeper } from "./nesting.ts";

/** A request needs 6: body, targets, target, objects, object, box. */
const maxNesting = 64;

/** How a body is packed. */
export type Encoding = "identity" | "gzip";

/**
 * The JSON value of a body.
 *
 * Errors: HttpFault 400 for what is not UTF-8, JSON or whole gzip, 413 for more than `maxBytes`
 *   once unpacked
 */
export function readJson(body: Uint8Array, encoding: Encoding, maxBytes: number): unknown {
  const bytes = encoding === "gzip" ? unpack(body, maxBytes) : body;
  if (bytes.length > maxBytes) throw tooLarge(maxBytes);
  if (bytes.length === 0) throw unreadable("the body is empty, expected JSON");
  if (isNestedDeeper(bytes, maxNesting)) {
    throw unreadable(`the body is nested deeper than ${maxNesting} levels, expected at most 6`);
  }
  return parse(decode(bytes));
}

function unpack(body: Uint8Array, maxBytes: number): Uint8Array {
  try {
    return gunzipSync(body, { maxOutputLength: maxBytes });
  } catch (cause) {
    if (!(cause instanceof Error && "code" in cause)) throw cause;
    if (cause.code === "ERR_BUFFER_TOO_LARGE") throw tooLarge(maxBytes);
    throw unreadable(`the body is not gzip: ${cause.message}`, cause);
  }
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw unreadable("the body is not UTF-8, expected JSON in UTF-8", cause);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw unreadable(`the body is not valid JSON: ${cause.message}`, cause);
  }
}

const unreadable = (why: string, cause?: unknown): HttpFault =>
  new HttpFault(400, `Cannot read the request: ${why}`, { cause });

/** The fault of a body over the limit. */
export const tooLarge = (maxBytes: number): HttpFault =>
  new HttpFault(
    413,
    `Cannot read the request: the body is too large, expected at most ${maxBytes} bytes unpacked`,
  );
