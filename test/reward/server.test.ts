import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { profiles } from "../../src/core/rewards/profiles.ts";
import { rewardServer } from "../../src/reward/server.ts";
import { version } from "../../src/version.ts";
import { goldenCases, unknownTaskCase } from "../helpers/golden-rewards.ts";
import { goodCompletion, goodRequest, goodTarget, post } from "../helpers/reward-request.ts";

const app = rewardServer();

describe("POST /v1/rewards", () => {
  it("answers with rewards, total, outcomes and the request's id", async () => {
    const response = await post(app, {
      ...goodRequest,
      completions: [goodCompletion, "I see a cat"],
      targets: [goodTarget, goodTarget],
    });
    expect(response.statusCode).toBe(200);
    expect(response.json()).toEqual({
      profile: "release",
      rewards: { format_reward: [1, 0], edge_hard_reward: [5, 0] },
      total: [6, 0],
      outcomes: [
        { parsed: true },
        { parsed: false, reason: "the answer is not JSON: a value is missing (character 1)" },
      ],
      request_id: "r-1",
    });
  });

  it("takes 0..1000 for the box scale, sgg for the task and makes up an id", async () => {
    const completion = '{"objects":[],"relationships":[]}';
    const answer = (
      await post(app, {
        completions: [completion, goodCompletion],
        targets: [goodTarget, goodTarget],
        rewards: goodRequest.rewards,
      })
    ).json();
    expect(answer.rewards).toEqual({ format_reward: [0, 1], edge_hard_reward: [0, 0] });
    expect(answer.request_id).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("gives only the rewards asked for, and their sum", async () => {
    const answer = (await post(app, { ...goodRequest, rewards: ["edge_hard_reward"] })).json();
    expect(answer.rewards).toEqual({ edge_hard_reward: [5] });
    expect(answer.total).toEqual([5]);
  });

  it("answers an empty request with empty lists", async () => {
    const answer = (await post(app, { completions: [], targets: [] })).json();
    expect(answer.rewards).toEqual({
      format_reward: [],
      node_acc_reward: [],
      node_box_reward: [],
      edge_reward: [],
    });
    expect(answer.total).toEqual([]);
  });

  it("needs no relationships for det and no objects for cls", async () => {
    const { relationships: _, ...detTarget } = goodTarget;
    const { objects: __, ...clsTarget } = goodTarget;
    const response = await post(app, {
      ...goodRequest,
      completions: [goodCompletion, goodCompletion],
      targets: [detTarget, clsTarget],
      task: ["det", "cls"],
    });
    expect(response.json().rewards).toEqual({ format_reward: [1, 1], edge_hard_reward: [0, 0] });
  });

  it("takes targets with repeated ids and relations to unknown ones, as the reference does", async () => {
    const target = {
      ...goodTarget,
      objects: [...goodTarget.objects, ...goodTarget.objects],
      relationships: [{ subject: "dog.9", predicate: "on", object: "mat.2" }],
    };
    const response = await post(app, { ...goodRequest, targets: [target] });
    expect(response.json().rewards).toEqual({ format_reward: [1], edge_hard_reward: [0] });
  });

  it("unpacks gzip", async () => {
    const response = await app.inject({
      method: "POST",
      url: "/v1/rewards",
      headers: { "content-type": "application/json", "content-encoding": "gzip" },
      payload: gzipSync(JSON.stringify(goodRequest)),
    });
    expect(response.json().total).toEqual([6]);
  });

  it("gives all 333 golden completions the reference's rewards, alone and together", async () => {
    const together = {
      completions: goldenCases.map((one) => one.completion),
      targets: goldenCases.map((one) => one.target),
      box_scale: goldenCases.map((one) => one.boxScale),
      task: goldenCases.map((one) => one.task),
      rewards: goodRequest.rewards,
    };
    const all = (await post(app, together)).json();
    expect(all.rewards.format_reward).toEqual(goldenCases.map((one) => one.format.strict));
    expect(all.rewards.edge_hard_reward).toEqual(goldenCases.map((one) => one.edgeHard));
    for (const { completion, target, boxScale, task, format, edgeHard } of goldenCases) {
      const alone = {
        ...{ completions: [completion], targets: [target], box_scale: boxScale, task },
        rewards: goodRequest.rewards,
      };
      const { rewards } = (await post(app, alone)).json();
      expect(rewards).toEqual({ format_reward: [format.strict], edge_hard_reward: [edgeHard] });
    }
  });

  it("refuses the golden case of an unknown task", async () => {
    const { completion, target, task } = unknownTaskCase;
    const response = await post(app, { completions: [completion], targets: [target], task });
    expect(response.statusCode).toBe(422);
    expect(response.json().message).toContain(
      'task: found "caption", expected one of sgg, det, cls',
    );
  });
});

describe("probes", () => {
  it.each([
    ["/health", { ok: true }],
    ["/health/", { ok: true }],
    ["/ready", { ready: true }],
  ])("answer GET %s", async (url, body) => {
    const response = await app.inject(url);
    expect([response.statusCode, response.json()]).toEqual([200, body]);
  });

  it("tell the version, the profile with its sources, and a digest of the code", async () => {
    expect((await app.inject("/version")).json()).toEqual({
      version,
      profile: "release",
      sources: expect.stringMatching(/e4de64d.*8451508/),
      rewards: Object.keys(profiles.release.rewards),
      code: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });
});

describe("the token", () => {
  const guarded = rewardServer({ token: "s3cret" });
  const status = async (url: string, headers: Record<string, string> = {}) =>
    (await guarded.inject({ url, headers })).statusCode;

  it.each([
    ["Bearer", { authorization: "Bearer s3cret" }, 200],
    ["bearer in small letters", { authorization: "bearer s3cret" }, 200],
    ["x-api-key", { "x-api-key": "s3cret" }, 200],
    ["none", {}, 401],
    ["a wrong one", { authorization: "Bearer s3cre" }, 401],
    ["a longer one", { "x-api-key": "s3cret!" }, 401],
    ["an empty one", { "x-api-key": "" }, 401],
    ["another scheme", { authorization: "Basic s3cret" }, 401],
  ])("given as %s", async (_, headers, expected) => {
    expect(await status("/version", headers as Record<string, string>)).toBe(expected);
  });

  it("is not asked by the probes, but by every other path", async () => {
    for (const url of ["/health", "/health/", "/ready", "/health?x=1"]) {
      expect(await status(url)).toBe(200);
    }
    for (const url of ["/version", "/nothing", "/health/x"]) expect(await status(url)).toBe(401);
    expect((await post(guarded, goodRequest)).statusCode).toBe(401);
  });

  it("is never told", async () => {
    const response = await guarded.inject("/version");
    expect(response.headers["www-authenticate"]).toBe("Bearer");
    expect(response.body).not.toContain("s3cret");
  });
});

describe("the log", () => {
  it("has an answer before the client has it", async () => {
    const events: unknown[] = [];
    const logged = rewardServer({
      log: {
        append: async (entry) => {
          await new Promise((resolve) => setTimeout(resolve, 30));
          events.push(entry);
        },
      },
    });
    const { rewards, outcomes } = (await post(logged, goodRequest)).json();
    events.push("answered");
    expect(events).toEqual([{ request_id: "r-1", rewards, outcomes }, "answered"]);
  });

  it("that cannot be written makes the answer a 500 without any reward, and is told", async () => {
    const warnings: string[] = [];
    const broken = rewardServer({
      warn: (text) => warnings.push(text),
      log: { append: () => Promise.reject(new Error("disk full at /secret/path")) },
    });
    const response = await post(broken, goodRequest);
    expect(response.statusCode).toBe(500);
    expect(response.json()).toEqual({
      statusCode: 500,
      message: "Cannot answer the request: internal error, told in the server's log",
    });
    expect(warnings.join()).toContain("disk full at /secret/path");
  });
});
