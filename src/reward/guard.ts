import type { IncomingMessage } from "node:http";
import type { FastifyInstance, RawRequestDefaultExpression } from "fastify";
import { HttpFault } from "./http-fault.ts";
import { pathToken, sameToken, sentToken } from "./token.ts";

/** Paths that anybody may ask: they tell nothing but that the server is there. */
const open = new Set(["/health", "/health/", "/ready"]);

/** Lets nobody in without the token, and keeps tokens in paths from everything that comes later. */
export interface Guard {
  /** Fastify's `rewriteUrl`: takes the token out of the path before anything else sees it. */
  readonly rewriteUrl: (request: RawRequestDefaultExpression) => string;
  readonly install: (app: FastifyInstance) => void;
}

/** A guard; without a token everybody who reaches the server is served. */
export function createGuard(token: string | undefined): Guard {
  const inPath = new WeakMap<IncomingMessage, string>();
  return {
    rewriteUrl: (request) => {
      const found = pathToken(request.url ?? "/");
      if (!found) return request.url ?? "/";
      inPath.set(request, found.token);
      return found.url;
    },
    install: (app) => {
      app.addHook("onRequest", async ({ raw, headers, routeOptions }, reply) => {
        if (token === undefined || open.has(routeOptions.url ?? "")) return;
        const sent = sentToken(headers, inPath.get(raw));
        if (sent !== undefined && sameToken(sent, token)) return;
        reply.header("www-authenticate", "Bearer");
        throw new HttpFault(
          401,
          "Cannot serve the request: no valid token, expected Authorization: Bearer, x-api-key or /t/<token>/ before the path",
        );
      });
    },
  };
}
