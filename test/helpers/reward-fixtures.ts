import { readFileSync } from "node:fs";
import type { FastifyInstance } from "fastify";

/** A request as a trainer's own client sent it. */
export interface Recorded {
  readonly method: "POST";
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The recorded requests of a client, by name; the file says whose code sent them. */
export const recordedRequests = (client: string): Readonly<Record<string, Recorded>> =>
  (
    JSON.parse(
      readFileSync(new URL(`../fixtures/reward/${client}.json`, import.meta.url), "utf8"),
    ) as { requests: Record<string, Recorded> }
  ).requests;

/** Sends a recorded request again, to its path or another. */
export const replay = (
  app: FastifyInstance,
  { method, path, headers, body }: Recorded,
  url = path,
) => app.inject({ method, url, headers, payload: body });
