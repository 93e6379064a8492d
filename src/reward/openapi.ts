import { z } from "zod";
import type { Profile } from "../core/rewards/profiles.ts";
import { version } from "../version.ts";
import { toJsonSchema } from "./documented-as.ts";
import { protocols } from "./protocols/all.ts";
import type { Protocol } from "./protocols/protocol.ts";

const fault = z.object({ statusCode: z.number(), message: z.string() });

/** Answers other than 200, as all scoring routes give them. */
const faults = {
  400: "Not JSON, not UTF-8, not whole gzip, or cut off",
  401: "No valid token",
  413: "The body is larger than the server allows",
  415: "Neither JSON nor gzip of it",
  422: "Not such a request; the message names each place. Sending it again does not help",
  500: "A fault of the server; nothing is half-scored",
  503: "Too much waits; send it again after Retry-After",
};

const json = (schema: object) => ({ "application/json": { schema } });

/** The OpenAPI document of a server with a profile. */
export function openApi(profile: Profile): object {
  const scoring = Object.values(protocols(profile)).map((one) => [one.path, post(one)] as const);
  return {
    openapi: "3.1.0",
    info: {
      title: "r1sgg reward endpoint",
      version,
      description: `Rewards of scene-graph completions, profile ${profile.name}: ${profile.sources}`,
    },
    components: {
      securitySchemes: {
        bearer: { type: "http", scheme: "bearer" },
        key: { type: "apiKey", in: "header", name: "x-api-key" },
      },
      schemas: { Fault: toJsonSchema(fault, "output") },
    },
    paths: { ...Object.fromEntries(scoring), ...information },
  };
}

function post({ title, query, body, answer }: Protocol): object {
  return {
    post: {
      summary: title,
      security: [{}, { bearer: [] }, { key: [] }],
      parameters: parameters(query),
      requestBody: { required: true, content: json(toJsonSchema(body, "input")) },
      responses: {
        200: { description: "Scored", content: json(toJsonSchema(answer, "output")) },
        ...Object.fromEntries(
          Object.entries(faults).map(([code, description]) => [
            code,
            { description, content: json({ $ref: "#/components/schemas/Fault" }) },
          ]),
        ),
      },
    },
  };
}

const parameters = (query: z.ZodType): object[] =>
  Object.entries(toJsonSchema(query, "input").properties ?? {}).map(([name, schema]) => ({
    name,
    in: "query",
    required: false,
    schema,
  }));

const get = (summary: string, ...codes: (readonly [number, string])[]) => ({
  get: {
    summary,
    responses: Object.fromEntries(codes.map(([code, description]) => [code, { description }])),
  },
});

const information = {
  "/health": get("Whether the server answers; needs no token", [200, "It does"]),
  "/ready": get(
    "Whether every worker is warmed; needs no token",
    [200, "Yes"],
    [503, "Not yet, or one is being replaced"],
  ),
  "/version": get("What decides about the rewards", [200, "Version, profile, digests"]),
  "/metrics": get("Counters for Prometheus", [200, "Prometheus text"]),
  "/openapi.json": get("This document", [200, "OpenAPI 3.1"]),
};
