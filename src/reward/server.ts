import Fastify, { type FastifyError, type FastifyInstance } from "fastify";
import { type Profile, profiles } from "../core/rewards/profiles.ts";
import { version } from "../version.ts";
import { codeHash } from "./code-hash.ts";
import { unpackGzip } from "./gzip.ts";
import { HttpFault } from "./http-fault.ts";
import { rewardRequest } from "./request.ts";
import type { RequestLog } from "./request-log.ts";
import { answerRequest, rewardAnswer } from "./rewards-route.ts";
import { carriesToken } from "./token.ts";
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from "./zod.ts";

/** What a reward endpoint serves and how. */
export interface RewardServerOptions {
  readonly profile?: Profile;
  /** Asked of every request but the probes; without one, everybody who reaches the server is served. */
  readonly token?: string;
  /** Gets each answer before the client does. */
  readonly log?: Pick<RequestLog, "append">;
  /** Where our own faults are told. */
  readonly warn?: (text: string) => void;
  readonly bodyLimitBytes?: number;
}

const probes = new Set(["/health", "/health/", "/ready"]);

/**
 * The reward endpoint: `POST /v1/rewards`, `GET /health`, `/ready` and `/version`.
 *
 * Faults of a request are 400, 401, 413, 415 or 422 with a sentence in `message`, our own are 500;
 * a completion that cannot be read is none of these, it scores 0. It does not listen by itself.
 */
export function rewardServer({
  profile = profiles.release,
  token,
  log,
  warn = () => {},
  bodyLimitBytes = 64 * 1024 * 1024,
}: RewardServerOptions = {}): FastifyInstance {
  const app = Fastify({ bodyLimit: bodyLimitBytes });
  app.setValidatorCompiler(validatorCompiler).setSerializerCompiler(serializerCompiler);
  app.setErrorHandler<FastifyError>((error, _request, reply) => {
    const status = error.statusCode ?? 500;
    if (status >= 500) warn(`Cannot answer a request: ${error.stack ?? error.message}\n`);
    const message =
      error instanceof HttpFault
        ? error.message
        : status >= 500
          ? "Cannot answer the request: internal error, told in the server's log"
          : `Cannot read the request: ${error.message}`;
    return reply.code(status).send({ statusCode: status, message });
  });
  app.addHook("onRequest", async (request, reply) => {
    if (
      token === undefined ||
      probes.has(request.routeOptions.url ?? "") ||
      carriesToken(request, token)
    )
      return;
    reply.header("www-authenticate", "Bearer");
    throw new HttpFault(
      401,
      "Cannot serve the request: no valid token, expected Authorization: Bearer or x-api-key",
    );
  });
  app.addHook("preParsing", unpackGzip);
  // A kept-alive connection would hold up the end: what is answered while closing says so.
  let closing = false;
  app.addHook("preClose", async () => {
    closing = true;
  });
  app.addHook("onSend", async (_request, reply) => {
    if (closing) reply.header("connection", "close");
  });

  app.get("/health", async () => ({ ok: true }));
  app.get("/health/", async () => ({ ok: true }));
  app.get("/ready", async () => ({ ready: true }));
  app.get("/version", async () => ({
    version,
    profile: profile.name,
    sources: profile.sources,
    rewards: Object.keys(profile.rewards),
    code: await codeHash(),
  }));
  app
    .withTypeProvider<ZodTypeProvider>()
    .post(
      "/v1/rewards",
      { schema: { body: rewardRequest(profile), response: { 200: rewardAnswer } } },
      async ({ body }) => {
        const answer = answerRequest(profile, body);
        const { request_id, rewards, outcomes } = answer;
        await log?.append({ request_id, rewards, outcomes });
        return answer;
      },
    );
  return app;
}
