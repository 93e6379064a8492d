import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { z } from "zod";
import { profiles } from "../../src/core/rewards/profiles.ts";
import { openApi } from "../../src/reward/openapi.ts";
import { scoringPaths } from "../../src/reward/protocols/paths.ts";
import { shipped } from "../../src/root.ts";
import { recordedRequests } from "../helpers/reward-fixtures.ts";
import { serverWith } from "../helpers/reward-server.ts";

const served = openApi(profiles.release) as {
  paths: Record<
    string,
    {
      post: {
        requestBody: {
          content: { "application/json": { schema: Parameters<typeof z.fromJSONSchema>[0] } };
        };
      };
    }
  >;
};

it("docs/openapi.json is what the server serves", async () => {
  const committed = readFileSync(shipped("docs/openapi.json"), "utf8");
  const response = await serverWith().inject("/openapi.json");
  expect(
    JSON.parse(committed),
    "docs/openapi.json is stale: write it again with bin/with-node node test/reward/write-openapi.ts",
  ).toEqual(response.json());
});

it("describes every path that is served", () => {
  expect(Object.keys(served.paths)).toEqual([
    ...scoringPaths,
    "/health",
    "/ready",
    "/version",
    "/metrics",
    "/openapi.json",
  ]);
});

it.each([
  ["openrlhf", "text"],
  ["openrlhf-several-servers", "second-server"],
  ["slime", "text-label"],
  ["slime", "messages-and-object-label"],
  ["verl", "keyword-arguments"],
])("takes what %s sends (%s), and not half of it", (client, name) => {
  const { path, body } = recordedRequests(client)[name]!;
  const { schema } = served.paths[path]!.post.requestBody.content["application/json"];
  const documented = z.fromJSONSchema(schema);
  const sent = JSON.parse(body) as object;
  expect(documented.safeParse(sent)).toMatchObject({ success: true });
  for (const field of Object.keys(sent)) {
    if (["prompt", "data_source", "extra_info"].includes(field)) continue;
    const { success } = documented.safeParse({ ...sent, [field]: undefined });
    expect(success, `without ${field}`).toBe(false);
  }
});

it("says what the native route takes, also where checks are written out", () => {
  const { content } = served.paths["/v1/rewards"]!.post.requestBody;
  expect(content).toMatchObject({
    "application/json": {
      schema: {
        type: "object",
        required: ["completions", "targets"],
        additionalProperties: false,
        properties: {
          completions: { type: "array", items: { type: "string" } },
          targets: {
            type: "array",
            items: {
              required: ["image_id", "width", "height"],
              properties: {
                objects: { type: "array", items: { required: ["id", "bbox"] } },
              },
            },
          },
          box_scale: { anyOf: [{ type: "array" }, { type: "array", items: { type: "array" } }] },
          task: { anyOf: [{ enum: ["sgg", "det", "cls"] }, { type: "array" }] },
          rewards: { type: "array", items: { enum: Object.keys(profiles.release.rewards) } },
        },
      },
    },
  });
});
