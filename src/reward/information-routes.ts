import type { FastifyInstance } from "fastify";
import type { Metrics } from "./metrics.ts";
import type { Workshop } from "./workshop.ts";

/** What the routes tell. */
export interface InformationOptions {
  readonly workshop: Pick<Workshop, "isReady">;
  readonly metrics: Pick<Metrics, "text" | "contentType">;
  readonly about: () => Promise<object>;
  readonly openApi: () => Promise<object>;
}

/** `GET` on `/health`, `/ready`, `/version`, `/metrics` and `/openapi.json`. */
export function addInformationRoutes(
  app: FastifyInstance,
  { workshop, metrics, about, openApi }: InformationOptions,
): void {
  app.get("/health", async () => ({ ok: true }));
  app.get("/health/", async () => ({ ok: true }));
  app.get("/ready", async (_request, reply) => {
    const ready = workshop.isReady();
    if (!ready) reply.code(503).header("retry-after", "1");
    return { ready };
  });
  app.get("/version", about);
  app.get("/metrics", async (_request, reply) => {
    reply.type(metrics.contentType);
    return metrics.text();
  });
  app.get("/openapi.json", openApi);
}
