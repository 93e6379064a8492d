import { describe, expect, it } from "vitest";
import { recordedRequests, replay } from "../../helpers/reward-fixtures.ts";
import { goodRewards, goodTotal } from "../../helpers/reward-request.ts";
import { serverWith } from "../../helpers/reward-server.ts";

const app = serverWith();
const recorded = recordedRequests("slime");

describe("POST /rm", () => {
  it.each(Object.keys(recorded))("answers slime's own request with a number: %s", async (name) => {
    const response = await replay(app, recorded[name]!);
    expect([response.statusCode, response.body]).toEqual([200, String(goodTotal)]);
  });

  it("answers with an object for --reward-key where its URL says so", async () => {
    const response = await replay(app, recorded["text-label"]!, "/rm?as=object");
    expect(response.json()).toEqual({ score: goodTotal, parsed: 1, ...goodRewards });
  });

  it("gives only the rewards that its URL names", async () => {
    const response = await replay(
      app,
      recorded["text-label"]!,
      "/rm?rewards=format_reward&as=number",
    );
    expect(response.body).toBe("1");
  });
});
