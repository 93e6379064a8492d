import { describe, expect, it } from "vitest";
import { recordedRequests, replay } from "../../helpers/reward-fixtures.ts";
import {
  goodCompletion,
  goodRewards,
  goodTarget,
  goodTotal,
  noRewards,
} from "../../helpers/reward-request.ts";
import { serverWith } from "../../helpers/reward-server.ts";

const app = serverWith();
const solution = JSON.stringify({ ...goodTarget, box_scale: [100, 100] });
const all = { score: goodTotal, parsed: 1, ...goodRewards };

describe("POST /score", () => {
  it("answers the arguments that verl gives a reward function", async () => {
    const response = await replay(app, recordedRequests("verl")["keyword-arguments"]!);
    expect([response.statusCode, response.json()]).toEqual([200, all]);
  });

  it("refuses the example of ms-swift's documentation, which has nothing to score against", async () => {
    const response = await replay(app, recordedRequests("ms-swift")["documented-example"]!);
    expect([response.statusCode, response.json().message]).toEqual([
      422,
      "Cannot score the request: solution: found nothing, expected an object {image_id, width, height, objects, relationships}, or its JSON text",
    ]);
  });

  it("answers it with the solution beside the text", async () => {
    const payload = { text: goodCompletion, solution };
    const response = await app.inject({ method: "POST", url: "/score", payload });
    expect(response.json()).toEqual(all);
  });

  it("answers with the same fields, all numbers, when the completion cannot be read", async () => {
    const payload = { data_source: "x", solution_str: "I see a cat", ground_truth: solution };
    const response = await app.inject({ method: "POST", url: "/score", payload });
    expect(response.json()).toEqual({ score: 0, parsed: 0, ...noRewards });
  });

  it("takes the task from the ground truth", async () => {
    const { relationships: _, ...det } = { ...goodTarget, task: "det", box_scale: [100, 100] };
    const payload = { text: goodCompletion, solution: det };
    const response = await app.inject({ method: "POST", url: "/score", payload });
    expect(response.json()).toEqual({ ...all, score: 5, edge_reward: 0 });
  });
});
