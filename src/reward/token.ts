import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

/** Whether a host name or address reaches this machine only. */
export const isLoopback = (host: string): boolean =>
  host === "localhost" || host === "::1" || /^127\.\d+\.\d+\.\d+$/.test(host);

/** A token that came in the path, for clients that send no header, and the path without it. */
export interface PathToken {
  readonly token: string;
  readonly url: string;
}

/**
 * The token of `/t/<token>/…`, percent-encoded there as paths are.
 *
 * @example
 * pathToken("/t/s3cret/rm?as=object"); // { token: "s3cret", url: "/rm?as=object" }
 */
export function pathToken(url: string): PathToken | undefined {
  const [, segment, rest] = /^\/t\/([^/?]+)(\/.*)$/.exec(url) ?? [];
  if (segment === undefined || rest === undefined) return undefined;
  try {
    return { token: decodeURIComponent(segment), url: rest };
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    return { token: "", url: rest };
  }
}

/** The token that a request carries, if any: `Authorization: Bearer`, `x-api-key` or its path. */
export function sentToken(headers: IncomingHttpHeaders, inPath?: string): string | undefined {
  const bearer = /^Bearer +(\S+) *$/i.exec(headers.authorization ?? "")?.[1];
  const key = headers["x-api-key"];
  return bearer ?? (typeof key === "string" ? key : undefined) ?? inPath;
}

/**
 * Whether two tokens are equal.
 *
 * Digests are compared, in constant time: neither the token's length nor a right beginning shows.
 */
export const sameToken = (sent: string, token: string): boolean =>
  timingSafeEqual(digest(sent), digest(token));

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
