import { createHash, timingSafeEqual } from "node:crypto";
import type { FastifyRequest } from "fastify";

/** Whether a host name or address reaches this machine only. */
export const isLoopback = (host: string): boolean =>
  host === "localhost" || host === "::1" || /^127\.\d+\.\d+\.\d+$/.test(host);

/**
 * Whether a request carries the token, as `Authorization: Bearer` or `x-api-key`.
 *
 * Digests are compared, in constant time: neither the token's length nor a right beginning shows.
 */
export function carriesToken({ headers }: FastifyRequest, token: string): boolean {
  const bearer = /^Bearer +(\S+) *$/i.exec(headers.authorization ?? "")?.[1];
  const sent = bearer ?? headers["x-api-key"];
  return typeof sent === "string" && timingSafeEqual(digest(sent), digest(token));
}

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
