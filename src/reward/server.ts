import Fastify, { type FastifyError, type FastifyInstance } from "fastify";
import type { Profile } from "../core/rewards/profiles.ts";
import { about } from "./about.ts";
import { drainWell } from "./drain.ts";
import { createGuard } from "./guard.ts";
import { HttpFault } from "./http-fault.ts";
import { addInformationRoutes } from "./information-routes.ts";
import { createMetrics } from "./metrics.ts";
import type { RequestLog } from "./request-log.ts";
import { profileOf } from "./score-items.ts";
import { addScoringRoutes } from "./scoring-routes.ts";
import { defaultQueue, type QueueLimits, type ScoringSettings } from "./settings.ts";
import type { Workshop } from "./workshop.ts";

/** What a reward endpoint serves and how. */
export interface RewardServerOptions {
  readonly settings: ScoringSettings;
  readonly workshop: Workshop;
  readonly queue?: QueueLimits;
  /** Asked of every request but the probes; without one, everybody who reaches the server is served. */
  readonly token?: string;
  /** Gets each answer before the client does. */
  readonly log?: Pick<RequestLog, "append">;
  /** Where our own faults are told. */
  readonly warn?: (text: string) => void;
}

/** Counted where a client left before its answer; nobody sees it. */
const clientGone = 499;

/** A client that stalls in the middle of its request is let go after this. */
const requestTimeoutMs = 120_000;

/**
 * The reward endpoint over HTTP; rewards are given in the workshop. It does not listen by itself.
 *
 * Faults of a request are 400, 401, 404, 413, 415 or 422 with a sentence in `message`, 503 when it
 * may be sent again, our own are 500. A completion that cannot be read is none of these, it scores 0.
 */
export function rewardServer({
  settings,
  workshop,
  queue = defaultQueue,
  token,
  log,
  warn = () => {},
}: RewardServerOptions): FastifyInstance {
  const profile: Profile = profileOf(settings);
  const guard = createGuard(token);
  const app = Fastify({ requestTimeout: requestTimeoutMs, rewriteUrl: guard.rewriteUrl });
  drainWell(app);
  tellFaults(app, warn);

  const metrics = createMetrics({ inFlight: () => pending(), workerDeaths: workshop.deaths });
  app.addHook("onRequest", async ({ routeOptions }, reply) => {
    const start = performance.now();
    let code = clientGone;
    reply.raw.once("finish", () => {
      code = reply.statusCode;
    });
    reply.raw.once("close", () => {
      metrics.answered(routeOptions.url ?? "none", code, (performance.now() - start) / 1000);
    });
  });
  guard.install(app);
  const pending = addScoringRoutes(app, {
    workshop,
    metrics,
    queue,
    maxBodyBytes: settings.maxBodyBytes,
    warn,
    ...(log && { log }),
  });
  addInformationRoutes(app, {
    workshop,
    metrics,
    about: () => about(profile, settings, workshop.similarity()),
    openApi: async () => (await import("./openapi.ts")).openApi(profile), // rarely asked for
  });
  return app;
}

/** Tells each fault as `{statusCode, message}`: clients theirs, our log ours. */
function tellFaults(app: FastifyInstance, warn: (text: string) => void): void {
  app.setErrorHandler<FastifyError>((error, _request, reply) => {
    const status = error.statusCode ?? 500;
    const isOurs = status >= 500 && !(error instanceof HttpFault);
    if (isOurs) warn(`Cannot answer a request: ${error.stack ?? error.message}\n`);
    if (status === 503) reply.header("retry-after", "1");
    return reply.code(status).send({ statusCode: status, message: messageOf(error, isOurs) });
  });
  app.setNotFoundHandler(() => {
    throw new HttpFault(
      404,
      "Cannot serve the request: no such path or method, expected one that /openapi.json lists",
    );
  });
}

function messageOf(error: FastifyError, isOurs: boolean): string {
  if (error instanceof HttpFault) return error.message;
  if (isOurs) return "Cannot answer the request: internal error, told in the server's log";
  return `Cannot read the request: ${error.message}`;
}
