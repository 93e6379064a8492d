import { describe, expect, it } from "vitest";
import { askImage, servedModels } from "../../src/infer/servers.ts";
import { loadWeights } from "../../src/infer/weights.ts";
import { plainImage, temporaryFolder } from "../data/rows-file.ts";
import { type Asked, chatAnswer, type Reply, standIn } from "./stand-in-server.ts";

describe("servedModels", () => {
  it("are those that the server lists, and where they came from", async () => {
    const model = { id: "tiny", object: "model", root: "/models/tiny" };
    const server = await standIn(() => ({ body: { object: "list", data: [model] } }));
    expect(await servedModels(server.url)).toEqual([{ id: "tiny", root: "/models/tiny" }]);
    expect(server.asked[0]).toMatchObject({ method: "GET", path: "/v1/models" });
  });

  it("says when it lists none", async () => {
    const { url } = await standIn(() => ({ body: { data: [] } }));
    await expect(servedModels(url)).rejects.toThrow(
      `Cannot ask "${url}/v1/models": it answered nonsense ({"data":[]}: no data[0].id), expected an answer`,
    );
  });
});

describe("askImage", () => {
  it("has one token written about one image", async () => {
    const image = await plainImage(await temporaryFolder(), "x.jpg", [40, 30]);
    const server = await standIn(() => ({ body: chatAnswer("a") }));
    await askImage(server.url, "tiny", image);
    expect(server.asked).toHaveLength(1);
    const body = server.asked[0]!.body as {
      messages: { content: [{ image_url: { url: string } }] }[];
    };
    expect(body).toMatchObject({ model: "tiny", max_tokens: 1 });
    expect(body.messages[1]!.content[0].image_url.url).toMatch(/^data:image\/jpeg;base64,/);
  });

  it("fails at the first try as long as the server is not ready", async () => {
    const image = await plainImage(await temporaryFolder(), "x.jpg", [40, 30]);
    const server = await standIn(() => ({ status: 503 }));
    await expect(askImage(server.url, "tiny", image)).rejects.toThrow(
      "it answered 503 (an empty body)",
    );
    expect(server.asked).toHaveLength(1);
    await expect(askImage("http://127.0.0.1:9", "tiny", image)).rejects.toThrow("ECONNREFUSED");
  });

  it("gives up after its time", async () => {
    const image = await plainImage(await temporaryFolder(), "x.jpg", [40, 30]);
    const { url } = await standIn(() => ({ delayMs: 5000 }));
    await expect(askImage(url, "tiny", image, { timeoutMs: 50 })).rejects.toThrow(
      "it gave no answer in 0.05 s, expected",
    );
  });
});

describe("loadWeights", () => {
  const vllm =
    (change: Readonly<Record<string, Reply>> = {}) =>
    ({ path }: Asked): Reply =>
      change[path] ??
      {
        "/collective_rpc": { body: { results: [null] } },
        "/reset_prefix_cache": { body: { success: true } },
      }[path] ??
      {};

  it("has the server read the folder and empty its three caches, in that order", async () => {
    const server = await standIn(vllm());
    await loadWeights(server.url, "/runs/a/checkpoints/sft");
    expect(server.asked.map(({ method, path, body }) => [method, path, body])).toEqual([
      [
        "POST",
        "/collective_rpc",
        { method: "reload_weights", kwargs: { weights_path: "/runs/a/checkpoints/sft" } },
      ],
      ["POST", "/reset_mm_cache", {}],
      ["POST", "/reset_encoder_cache", {}],
      ["POST", "/reset_prefix_cache", {}],
    ]);
  });

  it("asks again when the prefix cache is still in use", async () => {
    let refusals = 2;
    const server = await standIn((asked) => {
      if (asked.path !== "/reset_prefix_cache") return vllm()(asked);
      refusals -= 1;
      return { body: { success: refusals < 0 } };
    });
    await loadWeights(server.url, "/w");
    expect(server.asked).toHaveLength(6);
  });

  it.each(["/collective_rpc", "/reset_mm_cache", "/reset_encoder_cache", "/reset_prefix_cache"])(
    "names the step that the server refuses: %s",
    async (path) => {
      const bad = { status: 500, body: { error: { message: "no such folder" } } };
      const { url } = await standIn(vllm({ [path]: bad }));
      await expect(loadWeights(url, "/w")).rejects.toThrow(
        `Cannot load weights "/w": "${url}${path}": it answered 500 (no such folder), expected an answer`,
      );
    },
  );

  it("stops when told to", async () => {
    const { url } = await standIn(vllm({ "/reset_prefix_cache": { body: { success: false } } }));
    const signal = AbortSignal.timeout(100);
    await expect(loadWeights(url, "/w", signal)).rejects.toSatisfy(() => signal.aborted);
  });
});
