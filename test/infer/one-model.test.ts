import { describe, expect, it } from "vitest";
import { findModel } from "../../src/infer/one-model.ts";
import { standIn } from "./stand-in-server.ts";

const serving = async (...ids: readonly string[]) =>
  (await standIn(() => ({ body: { data: ids.map((id) => ({ id, root: `/models/${id}` })) } }))).url;

describe("findModel", () => {
  it("is what all servers have, and where it came from", async () => {
    const urls = [await serving("a", "b"), await serving("a")];
    expect(await findModel(urls)).toEqual({
      servers: urls.map((url) => ({ url, model: "a" })),
      model: { id: "a", root: "/models/a" },
    });
  });

  it("is the one that was named, on each", async () => {
    const urls = [await serving("a", "b"), await serving("b")];
    expect((await findModel(urls, "b")).model.id).toBe("b");
    await expect(findModel(urls, "a")).rejects.toThrow(
      `Cannot ask "${urls[1]}" for model "a": it serves b, expected it to serve that`,
    );
  });

  it("brings along a server that does not answer, with the reason", async () => {
    const urls = ["http://127.0.0.1:9", await serving("a")];
    const { servers } = await findModel(urls);
    expect(servers[0]).toEqual({
      ...{ url: urls[0], model: "a" },
      found: expect.stringMatching(/^cannot be reached \(.*ECONNREFUSED/),
    });
    expect(servers[1]).toEqual({ url: urls[1], model: "a" });
  });

  it("refuses servers of different models, and none at all", async () => {
    const urls = [await serving("a"), await serving("b")];
    await expect(findModel(urls)).rejects.toThrow(
      `Cannot use both servers: "a" on ${urls[0]} and "b" on ${urls[1]}, expected one model`,
    );
    await expect(findModel(["http://127.0.0.1:9"])).rejects.toThrow(/Cannot ask .*ECONNREFUSED/);
  });
});
