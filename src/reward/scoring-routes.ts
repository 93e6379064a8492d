import type { FastifyInstance, FastifyReply, FastifyRequest, RequestPayload } from "fastify";
import { createAdmission } from "./admission.ts";
import { HttpFault } from "./http-fault.ts";
import type { Metrics } from "./metrics.ts";
import { type ScoringPath, scoringPaths } from "./protocols/paths.ts";
import { readBody } from "./read-body.ts";
import type { Encoding } from "./read-json.ts";
import type { RequestLog } from "./request-log.ts";
import type { QueueLimits } from "./settings.ts";
import type { Job } from "./work.ts";
import type { Workshop } from "./workshop.ts";

/** What the routes need besides the server. */
export interface ScoringRoutesOptions {
  readonly workshop: Workshop;
  readonly metrics: Pick<Metrics, "scored">;
  readonly queue: QueueLimits;
  readonly maxBodyBytes: number;
  /** Gets each answer before the client does. */
  readonly log?: Pick<RequestLog, "append">;
  /** Where our own faults are told. */
  readonly warn: (text: string) => void;
}

/**
 * `POST` on all scoring paths. Bytes in, bytes out: all else happens in the workshop.
 *
 * Returns: how many requests are pending
 */
export function addScoringRoutes(app: FastifyInstance, options: ScoringRoutesOptions) {
  const { workshop, metrics, queue, maxBodyBytes, log, warn } = options;
  const admission = createAdmission(queue, maxBodyBytes);

  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", (request: FastifyRequest, payload: RequestPayload) =>
    readBody(request, payload, maxBodyBytes),
  );

  const answer = async (job: Job, reply: FastifyReply) => {
    const done = await workshop.run(job, () => !reply.raw.destroyed);
    if (!done) return reply.code(499).send(); // the client has gone
    if (done.fault) warn(`Cannot answer a request: ${done.fault}\n`);
    if (done.logLine) await log?.append(done.logLine);
    if (done.summary) metrics.scored(done.summary);
    if (done.status === 503) reply.header("retry-after", "1");
    return reply
      .code(done.status)
      .type("application/json; charset=utf-8")
      .send(toBuffer(done.body));
  };

  for (const path of scoringPaths) {
    app.post<{ Body: Uint8Array | undefined; Querystring: Job["query"] }>(path, {
      onRequest: async ({ headers }, reply) => {
        const leave = admission.enter(headers["content-length"]);
        reply.raw.once("close", leave);
      },
      handler: ({ body, query, headers }, reply) =>
        answer(toJob(path, query, body, headers["content-encoding"]), reply),
    });
  }
  return admission.pending;
}

function toJob(
  path: ScoringPath,
  query: Job["query"],
  body: Uint8Array = new Uint8Array(),
  contentEncoding = "identity",
): Job {
  return { path, query: { ...query }, body, encoding: encodingOf(contentEncoding) };
}

function encodingOf(contentEncoding: string): Encoding {
  const encoding = contentEncoding.toLowerCase();
  if (encoding === "identity") return encoding;
  if (encoding === "gzip" || encoding === "x-gzip") return "gzip";
  throw new HttpFault(
    415,
    `Cannot read the request: content-encoding "${encoding.slice(0, 40)}", expected gzip`,
  );
}

const toBuffer = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);
