import { gunzipSync } from "node:zlib";
import { HttpFault } from "./http-fault.ts";
import { measureJson } from "./measure-json.ts";
import type { ScoringSettings } from "./settings.ts";

/** A request needs 6: body, targets, target, objects, object, box. */
const maxNesting = 64;

/**
 * Bytes of heap that a body takes at most: its text twice, in two bytes a character, and its values.
 *
 * An empty object is 56 bytes and its place in a list 8 (measured on Node 24); a check copies it.
 */
const heapOf = (bytes: number, values: number): number => 4 * bytes + 192 * values;

/** How a body is packed. */
export type Encoding = "identity" | "gzip";

/** What one body may take, as it is sent and once it is parsed. */
export type BodyLimits = Pick<ScoringSettings, "maxBodyBytes" | "heapMiB">;

/**
 * The JSON value of a body.
 *
 * Errors: HttpFault 400 for what is not UTF-8, JSON or whole gzip, 413 for more bytes once
 *   unpacked or for what might fill the heap
 */
export function readJson(
  body: Uint8Array,
  encoding: Encoding,
  { maxBodyBytes: maxBytes, heapMiB }: BodyLimits,
): unknown {
  const bytes = encoding === "gzip" ? unpack(body, maxBytes) : body;
  if (bytes.length > maxBytes) throw tooLarge(maxBytes);
  if (bytes.length === 0) throw unreadable("the body is empty, expected JSON");
  const { depth, values } = measureJson(bytes);
  if (depth > maxNesting) {
    throw unreadable(`the body is nested ${depth} levels deep, expected at most 6`);
  }
  if (heapOf(bytes.length, values) > heapMiB * 2 ** 20) {
    throw new HttpFault(
      413,
      `Cannot read the request: ${values} values in ${bytes.length} bytes, expected fewer for a heap of ${heapMiB} MiB`,
    );
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
