import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { expect, it, onTestFinished } from "vitest";
import { toCompletion } from "../helpers/arbitraries.ts";
import { goodRequest, goodTarget, post } from "../helpers/reward-request.ts";
import { serverWith } from "../helpers/reward-server.ts";
import { threadsWith } from "../helpers/threads.ts";

/** A similarity server that finds all different terms half alike. */
async function halfAlike(): Promise<string> {
  const app = createServer(async (request, response) => {
    const { pairs } = JSON.parse(await text(request)) as { pairs: unknown[] };
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ similarities: pairs.map(() => 0.5) }));
  });
  app.listen(0, "127.0.0.1");
  onTestFinished(() => void app.close());
  await once(app, "listening");
  return `http://127.0.0.1:${(app.address() as AddressInfo).port}/`;
}

const request = {
  ...goodRequest,
  completions: [
    toCompletion({
      objects: [
        { id: "dog.1", bbox: [0, 0, 50, 50] },
        { id: "mat.2", bbox: [0, 50, 100, 100] },
      ],
      relationships: [{ subject: "dog.1", predicate: "above", object: "mat.2" }],
    }),
  ],
  targets: [goodTarget],
};

it("is asked, in worker threads, for what objects and predicates are worth", async () => {
  const similarity = await halfAlike();
  const workshop = threadsWith({ similarity }, { threads: 1 });
  const app = serverWith({ similarity }, { workshop });
  expect((await post(app, request)).json().rewards).toEqual({
    format_reward: [1],
    node_acc_reward: [1.5], // 2 · (0.5 + 1) / 2
    node_box_reward: [2],
    edge_reward: [1.25], // 5 · 0.5 dog for cat · 1 · 0.5 above for on
  });
  expect((await app.inject("/version")).json().similarity).toEqual({
    provider: similarity,
    numbers: `answers of ${similarity}`,
  });
});

it("that is away is a 503 to be sent again, and never a 0", async () => {
  const app = serverWith({ similarity: "http://127.0.0.1:1/" });
  const response = await post(app, request);
  expect([response.statusCode, response.headers["retry-after"]]).toEqual([503, "1"]);
  expect(response.json()).toEqual({
    statusCode: 503,
    message: expect.stringMatching(/^Cannot score the request now: .*127\.0\.0\.1:1/),
  });
});
