import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import { rewardServer } from "../../src/reward/server.ts";
import { goodCompletion, goodRequest, goodTarget, post } from "../helpers/reward-request.ts";

const app = rewardServer({ bodyLimitBytes: 100_000 });

afterEach(async () => {
  expect((await app.inject("/health")).statusCode).toBe(200);
  expect((await post(app, goodRequest)).json().total).toEqual([6]);
});

const json = { "content-type": "application/json" };
const send = async (payload: string | Buffer, headers: Record<string, string> = json) => {
  const response = await app.inject({ method: "POST", url: "/v1/rewards", payload, headers });
  return [response.statusCode, response.json().message] as const;
};

describe("a body that cannot be read", () => {
  const good = JSON.stringify(goodRequest);
  it.each([
    ["half a body", good.slice(0, 100), 400, "not valid JSON"],
    ["NaN", good.replace('"width":100', '"width":NaN'), 400, "not valid JSON"],
    ["a trailing comma", `${good.slice(0, -1)},}`, 400, "not valid JSON"],
    ["no body", "", 400, "Body cannot be empty"],
    ["a prototype", `{"__proto__":{},${good.slice(1)}`, 400, "not valid JSON"],
    ["too large a body", JSON.stringify({ x: "x".repeat(100_000) }), 413, "body is too large"],
  ])("%s", async (_, payload, status, message) => {
    expect(await send(payload)).toEqual([status, expect.stringContaining(message)]);
  });

  const gzip = { ...json, "content-encoding": "gzip" };
  it.each([
    ["text for gzip", Buffer.from("{}"), gzip, 400, "incorrect header check"],
    ["half a gzip", gzipSync(good).subarray(0, 60), gzip, 400, "unexpected end of file"],
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
  ] as const)("%s", async (_, payload, headers, status, message) => {
    expect(await send(payload, headers)).toEqual([status, expect.stringContaining(message)]);
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
    [
      { rewards: ["format"] },
      'rewards[0]: found "format", expected one of format_reward, node_acc_reward, node_box_reward, edge_reward, edge_hard_reward, edge_hard_relax_reward (profile release)',
    ],
    [
      { rewards: ["node_reward"] },
      'rewards[0]: found "node_reward", expected one of format_reward, node_acc_reward, node_box_reward, edge_reward, edge_hard_reward, edge_hard_relax_reward (profile release)',
    ],
    [{ rewards: [] }, "rewards: found a list of 0, expected one reward name or more"],
    [
      { rewards: ["format_reward", "format_reward"] },
      "rewards: found a list of 2, expected no name twice",
    ],
    [{ profile: "v1" }, 'profile: found "v1", expected "release", which is served here'],
    [{ request_id: 5 }, "request_id: found 5, expected text"],
    [{ box_scales: [1, 1] }, "box_scales: not a known field"],
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
    expect(message).toMatch(/targets\[4\].width: found 0, expected a positive number; and 4 more$/);
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

describe("a completion that is a trap costs only itself", () => {
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
    expect((await post(app, body)).json().total).toEqual([0, 6]);
  });
});

it("a path or method that is not served is a 404", async () => {
  expect((await app.inject("/v2/rewards")).statusCode).toBe(404);
  expect((await app.inject("/v1/rewards")).statusCode).toBe(404);
});
