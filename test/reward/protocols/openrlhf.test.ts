import { describe, expect, it } from "vitest";
import { recordedRequests, replay } from "../../helpers/reward-fixtures.ts";
import {
  columns,
  goodCompletion,
  goodRewards,
  goodTarget,
  goodTotal,
} from "../../helpers/reward-request.ts";
import { serverWith } from "../../helpers/reward-server.ts";

const app = serverWith();
const recorded = recordedRequests("openrlhf");
const ask = async (payload: object, url = "/get_reward") =>
  (await app.inject({ method: "POST", url, payload })).json();

const label = JSON.stringify({ ...goodTarget, box_scale: [100, 100] });
const pair = (completion: string) => ({
  query: [`Q: ${completion}<|im_end|>`],
  prompts: ["Q: "],
  labels: [label],
});

describe("POST /get_reward", () => {
  it.each(Object.keys(recorded))("answers OpenRLHF's own request: %s", async (name) => {
    const response = await replay(app, recorded[name]!);
    expect([response.statusCode, response.json()]).toEqual([
      200,
      {
        rewards: [goodTotal],
        scores: [goodTotal],
        extra_logs: columns(goodRewards),
      },
    ]);
  });

  it("answers the empty lists that a second server is sent with empty lists", async () => {
    const response = await replay(
      app,
      recordedRequests("openrlhf-several-servers")["second-server"]!,
    );
    expect([response.statusCode, response.json()]).toEqual([
      200,
      { rewards: [], scores: [], extra_logs: columns() },
    ]);
  });

  it("keeps the order of many, and takes labels as objects too", async () => {
    const bad = pair("no graph");
    const good = { ...pair(goodCompletion), labels: [JSON.parse(label)] };
    const all = [bad, good, bad, good, good];
    const body = {
      query: all.flatMap((one) => one.query),
      prompts: all.flatMap((one) => one.prompts),
      labels: all.flatMap((one) => one.labels as unknown[]),
    };
    expect((await ask(body)).rewards).toEqual([0, goodTotal, 0, goodTotal, goodTotal]);
  });

  it("gives only the rewards that its URL names", async () => {
    const answer = await ask(pair(goodCompletion), "/get_reward?rewards=edge_hard_reward");
    expect(answer).toEqual({ rewards: [5], scores: [5], extra_logs: { edge_hard_reward: [5] } });
  });

  it("does not count what a prompt shows as the answer", async () => {
    const body = {
      ...pair(""),
      query: [`Q: ${goodCompletion} A: <|im_end|>`],
      prompts: [`Q: ${goodCompletion} A: `],
    };
    expect((await ask(body)).rewards).toEqual([0]);
  });
});
