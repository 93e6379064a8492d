import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { profiles } from "../../src/core/rewards/profiles.ts";
import { rewardServer } from "../../src/reward/server.ts";
import { defaultScoring } from "../../src/reward/settings.ts";
import { workHere } from "../../src/reward/workshop.ts";
import { version } from "../../src/version.ts";
import { goldenCases, unknownTaskCase } from "../helpers/golden-rewards.ts";
import {
  columns,
  goodCompletion,
  goodRequest,
  goodRewards,
  goodTarget,
  goodTotal,
  noRewards,
  post,
} from "../helpers/reward-request.ts";
import { serverWith } from "../helpers/reward-server.ts";
import { job } from "../helpers/threads.ts";

const app = serverWith();

describe("POST /v1/rewards", () => {
  const rewards = ["format_reward", "edge_hard_reward"];
  const names = Object.keys(profiles.release.rewards);

  it("answers with rewards, total, outcomes and the request's id", async () => {
    const response = await post(app, {
      ...goodRequest,
      completions: [goodCompletion, "I see a cat"],
      targets: [goodTarget, goodTarget],
    });
    expect(response.statusCode).toBe(200);
    expect(response.json()).toEqual({
      profile: "release",
      rewards: columns(goodRewards, noRewards),
      total: [goodTotal, 0],
      outcomes: [
        { parsed: true },
        { parsed: false, reason: "the answer is not JSON: a value is missing (character 1)" },
      ],
      request_id: "r-1",
    });
  });

  it("takes 0..1000 for the box scale, sgg for the task and makes up an id", async () => {
    const completion = '{"objects":[],"relationships":[]}';
    const body = {
      completions: [completion, goodCompletion],
      targets: [goodTarget, goodTarget],
      rewards,
    };
    const answer = (await post(app, body)).json();
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
    expect(answer.rewards).toEqual(columns());
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
      rewards,
    });
    expect(response.json().rewards).toEqual({ format_reward: [1, 1], edge_hard_reward: [0, 0] });
  });

  it("takes targets with repeated ids and relations to unknown ones, as the reference does", async () => {
    const target = {
      ...goodTarget,
      objects: [...goodTarget.objects, ...goodTarget.objects],
      relationships: [{ subject: "dog.9", predicate: "on", object: "mat.2" }],
    };
    const response = await post(app, { ...goodRequest, targets: [target], rewards });
    expect(response.json().rewards).toEqual({ format_reward: [1], edge_hard_reward: [0] });
  });

  it("unpacks gzip", async () => {
    const response = await app.inject({
      method: "POST",
      url: "/v1/rewards",
      headers: { "content-type": "application/json", "content-encoding": "gzip" },
      payload: gzipSync(JSON.stringify(goodRequest)),
    });
    expect(response.json().total).toEqual([goodTotal]);
  });

  it("gives all 333 golden completions the reference's rewards, alone and together", async () => {
    const together = {
      completions: goldenCases.map((one) => one.completion),
      targets: goldenCases.map((one) => one.target),
      box_scale: goldenCases.map((one) => one.boxScale),
      task: goldenCases.map((one) => one.task),
      rewards: names,
    };
    const all = (await post(app, together)).json();
    for (const [i, { completion, target, boxScale, task, expected }] of goldenCases.entries()) {
      const body = { completions: [completion], targets: [target], box_scale: boxScale, task };
      const alone = (await post(app, { ...body, rewards: names })).json();
      for (const name of names) {
        expect(all.rewards[name][i]).toBe(alone.rewards[name][0]);
        expect(Math.abs(all.rewards[name][i] - expected.release[name]!)).toBeLessThanOrEqual(1e-5);
      }
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

describe("information", () => {
  it.each([
    ["/health", { ok: true }],
    ["/health/", { ok: true }],
  ])("answers GET %s", async (url, body) => {
    const response = await app.inject(url);
    expect([response.statusCode, response.json()]).toEqual([200, body]);
  });

  it("is not ready before all is warmed, and then it is", async () => {
    const warmed = Promise.withResolvers<boolean>();
    let isReady = false;
    warmed.promise.then((value) => {
      isReady = value;
    });
    const workshop = { ...workHere(defaultScoring), isReady: () => isReady };
    const starting = rewardServer({ settings: defaultScoring, workshop });
    const early = await starting.inject("/ready");
    expect([early.statusCode, early.json()]).toEqual([503, { ready: false }]);
    expect(early.headers["retry-after"]).toBe("1");
    warmed.resolve(true);
    await warmed.promise;
    const late = await starting.inject("/ready");
    expect([late.statusCode, late.json()]).toEqual([200, { ready: true }]);
  });

  it("tells the version, the profile with its sources, all that decides, and a digest", async () => {
    expect((await app.inject("/version")).json()).toEqual({
      version,
      profile: "release",
      sources: expect.stringMatching(/e4de64d.*8451508/),
      rewards: expect.arrayContaining(["format_reward", "edge_hard_reward"]),
      defaults: Object.keys(goodRewards),
      parameters: {
        format_weight: 1,
        node_weight: 2,
        edge_weight: 5,
        strict_format: true,
        node_weights: [1, 2, 5],
      },
      solver: "exact",
      similarity: {
        provider: "native",
        numbers: expect.stringMatching(/^en_core_web_sm 3\.8\.0 [0-9a-f]{12} [0-9a-f]{12}$/),
      },
      vocabulary: {
        vg150: expect.stringMatching(/^[0-9a-f]{64}$/),
        psg: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
      limits: {
        ...defaultScoring.limits,
        completion_ms: 2000,
        completions: 4096,
        body_bytes: 67_108_864,
      },
      code: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });
});

describe("the token", () => {
  const guarded = serverWith({}, { token: "s3cret" });
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

  it("is taken from the path of clients that send no header, and goes no further", async () => {
    const slashed = serverWith({}, { token: "a/b?c%" });
    const url = `/t/${encodeURIComponent("a/b?c%")}/v1/rewards`;
    const response = await slashed.inject({ method: "POST", url, payload: goodRequest });
    expect(response.json().total).toEqual([goodTotal]);
    expect(await status("/t/s3cret/version")).toBe(200);
    expect(await status("/t/s3cret/version?x=1")).toBe(200);
    const wrong = [
      "/t/s3cre/version",
      "/t/s3cret",
      "/t//version",
      "/t/%zz/version",
      "/t/x/t/s3cret/version",
    ];
    for (const path of wrong) expect(await status(path)).toBe(401);
    const lost = await guarded.inject("/t/s3cret/nowhere");
    expect(lost.statusCode).toBe(404);
    expect(lost.body).not.toContain("s3cret");
    const metrics = await guarded.inject("/t/s3cret/metrics");
    expect(metrics.body).toContain('route="/version"');
    expect(metrics.body).not.toContain("s3cret");
  });

  it("in the path does no harm where none is asked", async () => {
    expect((await app.inject("/t/anything/version")).statusCode).toBe(200);
  });

  it("is never told", async () => {
    const response = await guarded.inject("/version");
    expect(response.headers["www-authenticate"]).toBe("Bearer");
    expect(response.body).not.toContain("s3cret");
  });
});

describe("the log", () => {
  it("costs nothing where none is kept", async () => {
    const [answer, logged] = await Promise.all(
      [false, true].map((kept) =>
        workHere({ ...defaultScoring, logged: kept }).run(job(goodRequest), () => true),
      ),
    );
    expect(answer).not.toHaveProperty("logLine");
    expect(logged).toHaveProperty("logLine");
  });

  it("has an answer before the client has it", async () => {
    const events: unknown[] = [];
    const log = {
      append: async (line: Uint8Array) => {
        await new Promise((resolve) => setTimeout(resolve, 30));
        events.push(JSON.parse(Buffer.from(line).toString()));
      },
    };
    const logged = serverWith({ logged: true }, { log });
    const { rewards, outcomes } = (await post(logged, goodRequest)).json();
    events.push("answered");
    expect(events).toEqual([{ request_id: "r-1", rewards, outcomes }, "answered"]);
  });

  it("that cannot be written makes the answer a 500 without any reward, and is told", async () => {
    const warnings: string[] = [];
    const broken = serverWith(
      { logged: true },
      {
        warn: (text) => warnings.push(text),
        log: { append: () => Promise.reject(new Error("disk full at /secret/path")) },
      },
    );
    const response = await post(broken, goodRequest);
    expect(response.statusCode).toBe(500);
    expect(response.json()).toEqual({
      statusCode: 500,
      message: "Cannot answer the request: internal error, told in the server's log",
    });
    expect(warnings.join()).toContain("disk full at /secret/path");
  });
});
