import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import { profiles } from "../../src/core/rewards/profiles.ts";
import { toCompletion } from "../helpers/arbitraries.ts";
import {
  goodCompletion,
  goodRequest,
  goodRewards,
  goodTarget,
  goodTotal,
  post,
} from "../helpers/reward-request.ts";
import { serverWith } from "../helpers/reward-server.ts";

const known = `${Object.keys(profiles.release.rewards).join(", ")} (profile release)`;
const app = serverWith({ maxBodyBytes: 100_000, maxCompletions: 10 });

afterEach(async () => {
  expect((await app.inject("/health")).statusCode).toBe(200);
  expect((await post(app, goodRequest)).json().total).toEqual([goodTotal]);
});

const json = { "content-type": "application/json" };
const send = async (payload: string | Buffer, headers: Record<string, string> = json) => {
  const response = await app.inject({ method: "POST", url: "/v1/rewards", payload, headers });
  return [response.statusCode, response.json().message] as const;
};

describe("a body that cannot be read", () => {
  const good = JSON.stringify(goodRequest);
  const deep = (levels: number) => `{"x":${"[".repeat(levels - 1)}${"]".repeat(levels - 1)}}`;
  it.each([
    ["half a body", good.slice(0, 100), 400, "not valid JSON"],
    ["NaN", good.replace('"width":100', '"width":NaN'), 400, "not valid JSON"],
    ["a trailing comma", `${good.slice(0, -1)},}`, 400, "not valid JSON"],
    ["no body", "", 400, "the body is empty, expected JSON"],
    ["white space", " \n", 400, "not valid JSON"],
    ["two bodies", good + good, 400, "not valid JSON"],
    ["a byte that is no UTF-8", Buffer.from(good).fill(0xff, 30, 31), 400, "not UTF-8"],
    ["UTF-16", Buffer.from(good, "utf16le"), 400, "not valid JSON"],
    ["64 levels", deep(64), 422, "x: not a known field"],
    ["65 levels", deep(65), 400, "expected at most 6"],
    ["forty thousand levels", deep(40_000), 400, "expected at most 6"],
    ["a prototype", `{"__proto__":{},${good.slice(1)}`, 422, "__proto__: not a known field"],
    ["too large a body", JSON.stringify({ x: "x".repeat(100_000) }), 413, "at most 100000 bytes"],
  ])("%s", async (_, payload, status, message) => {
    expect(await send(payload)).toEqual([status, expect.stringContaining(message)]);
  });

  const gzip = { ...json, "content-encoding": "gzip" };
  it.each([
    ["text for gzip", Buffer.from("{}"), gzip, 400, "not gzip: incorrect header check"],
    ["half a gzip", gzipSync(good).subarray(0, 60), gzip, 400, "unexpected end of file"],
    ["an empty gzip", gzipSync(""), gzip, 400, "the body is empty, expected JSON"],
    ["a gzip bomb", gzipSync(Buffer.alloc(50_000_000)), gzip, 413, "body is too large"],
    [
      "another encoding",
      gzipSync(good),
      { ...json, "content-encoding": "br" },
      415,
      'content-encoding "br", expected gzip',
    ],
    [
      "another type",
      Buffer.from("a=b"),
      { "content-type": "application/x-www-form-urlencoded" },
      415,
      "Unsupported Media Type",
    ],
    ["no type", Buffer.from(good), {}, 415, "Unsupported Media Type"],
  ] as const)("%s", async (_, payload, headers, status, message) => {
    expect(await send(payload, headers)).toEqual([status, expect.stringContaining(message)]);
  });

  it.each(["text/plain", "application/jsonp", "multipart/form-data"])("%s", async (type) => {
    expect((await send(good, { "content-type": type }))[0]).toBe(415);
  });
});

describe("a body that is no request", () => {
  const target = (field: object) => ({ targets: [{ ...goodTarget, ...field }] });
  const object = (field: object) =>
    target({ objects: [goodTarget.objects[0], { ...goodTarget.objects[1], ...field }] });
  const relation = (field: object) =>
    target({ relationships: [{ ...goodTarget.relationships[0], ...field }] });
  const box = (...bbox: unknown[]) => object({ bbox });

  it.each([
    [{ completions: undefined }, "completions: found nothing, expected a list of texts"],
    [{ completions: "x" }, 'completions: found "x", expected a list of texts'],
    [{ completions: [null] }, "completions[0]: found null, expected text"],
    [
      { completions: [[{ role: "assistant" }]] },
      "completions[0]: found a list of 1, expected text",
    ],
    [{ completions: [] }, "targets: found a list of 1, expected 0, one for each completion"],
    [
      { completions: ["a", "b"] },
      "targets: found a list of 1, expected 2, one for each completion",
    ],
    [{ targets: undefined }, "targets: found nothing, expected a list of targets"],
    [{ targets: {} }, "targets: found an object, expected a list of targets"],
    [
      { targets: ["{}"] },
      'targets[0]: found "{}", expected an object {image_id, width, height, objects, relationships}',
    ],
    [
      object({ id: "x ".repeat(600) }),
      `targets[0].objects[1].id: found "${"x ".repeat(20)}", expected text of at most 512 words and 16384 characters`,
    ],
    [target({ image_id: undefined }), "targets[0].image_id: found nothing, expected text"],
    [target({ image_id: 7 }), "targets[0].image_id: found 7, expected text"],
    [target({ width: 0 }), "targets[0].width: found 0, expected a positive number"],
    [target({ height: -1 }), "targets[0].height: found -1, expected a positive number"],
    [target({ width: "640" }), 'targets[0].width: found "640", expected a positive number'],
    [
      target({ objects: undefined }),
      "targets[0].objects: found nothing, expected a list of objects",
    ],
    [target({ objects: "[]" }), 'targets[0].objects: found "[]", expected a list of objects'],
    [
      target({ objects: [null] }),
      "targets[0].objects[0]: found null, expected an object {id, bbox}",
    ],
    [object({ id: undefined }), "targets[0].objects[1].id: found nothing, expected text"],
    [object({ id: 3 }), "targets[0].objects[1].id: found 3, expected text"],
    [
      object({ bbox: undefined }),
      "targets[0].objects[1].bbox: found nothing, expected four finite numbers",
    ],
    [box(1, 2, 3), "targets[0].objects[1].bbox: found a list of 3, expected four finite numbers"],
    [
      box(1, 2, 3, 4, 5),
      "targets[0].objects[1].bbox: found a list of 5, expected four finite numbers",
    ],
    [box(1, 2, null, 4), "targets[0].objects[1].bbox[2]: found null, expected a finite number"],
    [box(1, 2, "3", 4), 'targets[0].objects[1].bbox[2]: found "3", expected a finite number'],
    [
      target({ relationships: undefined }),
      "targets[0].relationships: found nothing, expected a list of relationships",
    ],
    [
      target({ relationships: null }),
      "targets[0].relationships: found null, expected a list of relationships",
    ],
    [
      relation({ subject: undefined }),
      "targets[0].relationships[0].subject: found nothing, expected text",
    ],
    [relation({ predicate: 1 }), "targets[0].relationships[0].predicate: found 1, expected text"],
    [
      { ...target({ relationships: undefined }), task: "cls" },
      "targets[0].relationships: found nothing, expected a list of relationships",
    ],
    [
      { ...target({ objects: undefined }), task: ["det"] },
      "targets[0].objects: found nothing, expected a list of objects",
    ],
    [{ box_scale: 1000 }, "box_scale: found 1000, expected [width, height], two positive numbers"],
    [
      { box_scale: [1000] },
      "box_scale: found a list of 1, expected [width, height], two positive numbers",
    ],
    [{ box_scale: [1000, 0] }, "box_scale[1]: found 0, expected a positive number"],
    [{ box_scale: [[1000, -2]] }, "box_scale[0][1]: found -2, expected a positive number"],
    [
      {
        box_scale: [
          [1, 1],
          [1, 1],
        ],
      },
      "box_scale: found a list of 2, expected 1, one for each completion",
    ],
    [{ task: "caption" }, 'task: found "caption", expected one of sgg, det, cls'],
    [{ task: ["sgg", "seg"] }, 'task[1]: found "seg", expected one of sgg, det, cls'],
    [{ task: ["sgg", "sgg"] }, "task: found a list of 2, expected 1, one for each completion"],
    [
      { rewards: "format_reward" },
      'rewards: found "format_reward", expected a list of reward names',
    ],
    [{ rewards: ["format"] }, `rewards[0]: found "format", expected one of ${known}`],
    [{ rewards: [] }, "rewards: found a list of 0, expected one reward name or more"],
    [
      { rewards: ["format_reward", "format_reward"] },
      "rewards: found a list of 2, expected no name twice",
    ],
    [{ profile: "v1" }, 'profile: found "v1", expected "release", which is served here'],
    [{ request_id: 5 }, "request_id: found 5, expected text"],
    [{ box_scales: [1, 1] }, "box_scales: not a known field"],
    [
      { completions: Array(11).fill(""), targets: Array(11).fill(goodTarget) },
      "completions: found a list of 11, expected at most 10, the limit of this server",
    ],
    [
      { targets: Array(11).fill(0) },
      "targets: found a list of 11, expected at most 10, the limit of this server",
    ],
  ])("with %j is a 422", async (field, message) => {
    const response = await post(app, { ...goodRequest, ...field });
    expect(response.json()).toEqual({
      statusCode: 422,
      message: `Cannot score the request: ${message}`,
    });
  });

  it("is told in its first five faults when it has many", async () => {
    const targets = Array.from({ length: 9 }, () => ({ ...goodTarget, width: 0 }));
    const { message } = (
      await post(app, { ...goodRequest, completions: Array(9).fill(""), targets })
    ).json();
    expect(message).toMatch(/targets\[4\].width: found 0, expected a positive number; and more$/);
  });

  it("with thousands of unknown fields names a few of them", async () => {
    const fields = Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`x${i}`, 0]));
    const { message } = (await post(app, { ...goodRequest, ...fields })).json();
    expect(message).toBe("Cannot score the request: x0, x1, x2, x3, x4: not a known field");
  });

  it.each(["[]", "null", "3", '"x"'])("%s is a 422", async (payload) => {
    const [status, message] = await send(payload);
    expect(status).toBe(422);
    expect(message).toMatch(/^Cannot score the request: the body: found .*, expected an object/);
  });

  it("an infinite number is a 422", async () => {
    const payload = JSON.stringify(goodRequest).replace('"width":100', '"width":1e999');
    expect(await send(payload)).toEqual([
      422,
      "Cannot score the request: targets[0].width: found Infinity, expected a positive number",
    ]);
  });
});

describe("a trainer's request that is none", () => {
  const truth = { ...goodTarget, box_scale: [100, 100] };
  const expectsTruth =
    "an object {image_id, width, height, objects, relationships}, or its JSON text";
  const openrlhf = (field: object) => ({
    query: ["Q: x"],
    prompts: ["Q: "],
    labels: [truth],
    ...field,
  });
  const slime = (field: object) => ({ prompt: "Q: ", response: "x", label: truth, ...field });
  const verl = (field: object) => ({ solution_str: "x", ground_truth: truth, ...field });

  it.each([
    [
      "/get_reward",
      [],
      "the body: found a list of 0, expected an object with query, prompts and labels",
    ],
    [
      "/get_reward",
      openrlhf({ query: undefined }),
      "query: found nothing, expected a list of texts",
    ],
    ["/get_reward", openrlhf({ query: "Q: x" }), 'query: found "Q: x", expected a list of texts'],
    ["/get_reward", openrlhf({ query: [null] }), "query[0]: found null, expected text"],
    ["/get_reward", openrlhf({ prompts: [7] }), "prompts[0]: found 7, expected text"],
    [
      "/get_reward",
      openrlhf({ prompts: [] }),
      "prompts: found a list of 0, expected 1, one for each query",
    ],
    [
      "/get_reward",
      openrlhf({ labels: [] }),
      "labels: found a list of 0, expected 1, one for each query",
    ],
    [
      "/get_reward",
      openrlhf({ labels: undefined }),
      "labels: found nothing, expected a list of ground truths",
    ],
    [
      "/get_reward",
      openrlhf({ labels: [null] }),
      `labels[0]: found null, expected ${expectsTruth}`,
    ],
    ["/get_reward", openrlhf({ labels: [""] }), `labels[0]: found "", expected ${expectsTruth}`],
    ["/get_reward", openrlhf({ labels: ["42"] }), `labels[0]: found 42, expected ${expectsTruth}`],
    [
      "/get_reward",
      openrlhf({ prompts: ["A quite different prompt: "] }),
      'query[0]: found "Q: x", expected a text that begins with prompts[0]',
    ],
    [
      "/get_reward",
      openrlhf({ labels: [JSON.stringify({ ...truth, width: 0 })] }),
      "labels[0].width: found 0, expected a positive number",
    ],
    ["/get_reward?reward=x", openrlhf({}), "reward: not a known field"],
    [
      "/get_reward?rewards=format",
      openrlhf({}),
      `rewards[0]: found "format", expected one of ${known}`,
    ],
    ["/rm", "x", 'the body: found "x", expected an object with prompt, response and label'],
    ["/rm", slime({ response: undefined }), "response: found nothing, expected text"],
    ["/rm", slime({ response: ["x"] }), "response: found a list of 1, expected text"],
    ["/rm", slime({ label: undefined }), `label: found nothing, expected ${expectsTruth}`],
    ["/rm", slime({ label: "cat" }), `label: found "cat", expected ${expectsTruth}`],
    [
      "/rm",
      slime({ label: { ...truth, objects: [{ id: "cat.1", bbox: [0, 0, 1] }] } }),
      "label.objects[0].bbox: found a list of 3, expected four finite numbers",
    ],
    [
      "/rm",
      slime({ label: { ...truth, relationships: undefined } }),
      "label.relationships: found nothing, expected a list of relationships",
    ],
    [
      "/rm",
      slime({ label: { ...truth, task: "caption" } }),
      'label.task: found "caption", expected one of sgg, det, cls',
    ],
    [
      "/rm",
      slime({ label: { ...truth, box_scale: 1000 } }),
      "label.box_scale: found 1000, expected [width, height], two positive numbers",
    ],
    ["/rm?as=text", slime({}), 'as: found "text", expected number or object'],
    ["/rm?as=number&as=object", slime({}), "as: found a list of 2, expected number or object"],
    ["/rm?rewards=", slime({}), `expected one of ${known}`],
    [
      "/score",
      null,
      "the body: found null, expected an object with solution_str and ground_truth, or with text and solution",
    ],
    ["/score", {}, "solution_str: found nothing, expected text"],
    [
      "/score",
      verl({ ground_truth: undefined }),
      `ground_truth: found nothing, expected ${expectsTruth}`,
    ],
    [
      "/score",
      verl({ ground_truth: "[1]" }),
      `ground_truth: found a list of 1, expected ${expectsTruth}`,
    ],
    [
      "/score",
      verl({ ground_truth: { ...truth, objects: undefined } }),
      "ground_truth.objects: found nothing, expected a list of objects",
    ],
    ["/score", { text: 5, solution: truth }, "text: found 5, expected text"],
    ["/score", { text: "x" }, `solution: found nothing, expected ${expectsTruth}`],
    ["/score", { text: "x", solution: "NaN" }, `solution: found "NaN", expected ${expectsTruth}`],
    [
      "/score?rewards=edge_hard_reward,edge_hard_reward",
      verl({}),
      "rewards: found a list of 2, expected no name twice",
    ],
    ["/v1/rewards?rewards=format_reward", goodRequest, "rewards: not a known field"],
  ])("%s with %j is a 422", async (url, body, message) => {
    const payload = JSON.stringify(body);
    const response = await app.inject({ method: "POST", url, payload, headers: json });
    expect(response.json()).toEqual({
      statusCode: 422,
      message: expect.stringMatching(/^Cannot score the request: /),
    });
    expect(response.json().message).toContain(message);
  });
});

describe("a completion that is a trap costs only itself", () => {
  const small = serverWith({ completionMs: 200 });
  const rewards = [...Object.keys(goodRewards), "edge_hard_relax_reward"];
  const objects = (count: number) =>
    Array.from({ length: count }, (_, i) => ({ id: `desk.${i}`, bbox: [i, i, i + 9, i + 9] }));
  const graph = (count: number, relationships: object[] = []) =>
    `<answer>${JSON.stringify({ objects: objects(count), relationships })}</answer>`;
  const on = { subject: "a", predicate: "", object: "a" };
  const named = (id: string) =>
    toCompletion({ objects: [{ id, bbox: [0, 0, 9, 9] }], relationships: [] });
  const relating = (count: number, words: number) => {
    const predicate = (i: number) => Array.from({ length: words }, (_, j) => `${i}x${j}`).join(" ");
    const relationships = Array.from({ length: count }, (_, i) => ({
      subject: "cat.1",
      predicate: predicate(i).slice(0, 1_000),
      object: "mat.2",
    }));
    return toCompletion({ objects: goodTarget.objects, relationships });
  };

  it.each([
    ["ten million characters", "x".repeat(10_000_000), /^limit: 10000000 characters/],
    ["ten million brackets", "[".repeat(10_000_000), /^limit: 10000000 characters/],
    ["a hundred thousand brackets", "[".repeat(100_000), /^the answer is not JSON/],
    ["5,000 objects", graph(5_000), /^limit: 5000 objects/],
    ["a name of 120,000 words", named("x ".repeat(120_000)), /^limit: a name of 239999 characters/],
    ["a name of 8,000 words", named("'".repeat(8_000)), /^limit: a name of 8000 words/],
    ["names of 50,000 new words", relating(200, 250), /^limit: its time is up/],
    ["5,100 relationships", graph(9, Array(5_100).fill(on)), /^limit: 5100 relationships/],
  ])("%s", async (_, trap, reason) => {
    const body = {
      ...goodRequest,
      completions: [goodCompletion, trap, goodCompletion],
      targets: [goodTarget, goodTarget, goodTarget],
      rewards,
    };
    const answer = (await post(small, body)).json();
    expect(answer.total).toEqual([goodTotal + 5, 0, goodTotal + 5]);
    expect(answer.outcomes).toEqual([
      { parsed: true },
      { parsed: false, reason: expect.stringMatching(reason) },
      { parsed: true },
    ]);
  });

  it("matches against a target that takes too long", async () => {
    const hard = serverWith({ completionMs: 50, similarity: "exact" });
    const many = { ...goodTarget, objects: objects(600) };
    const body = {
      ...goodRequest,
      completions: [graph(1_500), goodCompletion],
      targets: [many, goodTarget],
    };
    const answer = (await post(hard, body)).json();
    expect(answer.total).toEqual([0, goodTotal]);
    expect(answer.outcomes[0]).toEqual({ parsed: false, reason: "limit: its time is up" });
  });

  it.each([
    ["a hundred thousand brackets", "[".repeat(90_000)],
    ["an endless number", `<answer>${"9".repeat(90_000)}</answer>`],
    ["thousands of tags", `<think>${"</think>".repeat(11_000)}</answer>`],
    ["lone surrogates", "\ud800<answer>\udfff"],
    ["a null character", "\0"],
  ])("%s", async (_, trap) => {
    const body = {
      ...goodRequest,
      completions: [trap, goodCompletion],
      targets: [goodTarget, goodTarget],
    };
    expect((await post(app, body)).json().total).toEqual([0, goodTotal]);
  });
});

it.each([
  ["GET", "/v2/rewards"],
  ["GET", "/v1/rewards"],
  ["GET", "/get_reward"],
  ["POST", "/health"],
  ["PUT", "/rm"],
  ["GET", "/"],
  ["POST", "/v1/rewards/"],
] as const)("%s %s is a 404 that names no path", async (method, url) => {
  expect((await app.inject({ method, url })).json()).toEqual({
    statusCode: 404,
    message:
      "Cannot serve the request: no such path or method, expected one that /openapi.json lists",
  });
});
