import { describe, expect, it } from "vitest";
import { goodCompletion, goodRequest, goodTarget, post } from "../helpers/reward-request.ts";
import { serverWith } from "../helpers/reward-server.ts";

/** The values of a metric by their labels, as Prometheus reads them. */
async function read(app: ReturnType<typeof serverWith>, name: string) {
  const { body } = await app.inject("/metrics");
  const lines = body.split("\n").filter((line) => new RegExp(`^${name}(\\{| )`).test(line));
  return Object.fromEntries(
    lines.map((line) => {
      const [, labels = "", value] = /^\w+(?:\{(.*)\})? (.*)$/.exec(line)!;
      return [labels, Number(value)] as const;
    }),
  );
}

describe("GET /metrics", () => {
  it("counts requests by route and code, and paths that are not served as one", async () => {
    const app = serverWith({}, { token: "s3cret" });
    const headers = { authorization: "Bearer s3cret" };
    const url = "/v1/rewards";
    await app.inject({ method: "POST", url, headers, payload: goodRequest });
    await app.inject({ method: "POST", url, headers, payload: goodRequest });
    await app.inject({ method: "POST", url, headers, payload: {} });
    await app.inject({ method: "POST", url, payload: goodRequest });
    for (const path of ["/a", "/b"]) await app.inject({ url: path, headers });
    const { body } = await app.inject({ url: "/metrics", headers });
    expect(body).toContain('reward_requests_total{route="/v1/rewards",code="200"} 2\n');
    expect(body).toContain('reward_requests_total{route="/v1/rewards",code="422"} 1\n');
    expect(body).toContain('reward_requests_total{route="/v1/rewards",code="401"} 1\n');
    expect(body).toContain('reward_requests_total{route="none",code="404"} 2\n');
    expect(body).toContain('reward_latency_seconds_count{route="/v1/rewards"} 4\n');
  });

  it("measures the time of each request", async () => {
    const app = serverWith();
    await post(app, goodRequest);
    const [sum] = Object.values(await read(app, "reward_latency_seconds_sum"));
    expect(sum).toBeGreaterThan(0);
    expect(sum).toBeLessThan(30);
  });

  it("counts completions by outcome and failures by a few reasons, whatever they hold", async () => {
    const app = serverWith({ limits: { characters: 1_000, objects: 2, relationships: 9 } });
    const object = goodTarget.objects[0];
    const answer = (graph: object) => `<answer>${JSON.stringify(graph)}</answer>`;
    const completions = [
      goodCompletion,
      "no graph",
      "another",
      "[1]",
      answer({ objects: "cat", relationships: [] }),
      answer({ objects: [object], relationships: [{}] }),
      answer({ objects: [object, object, object], relationships: [] }),
      "x".repeat(1_001),
    ];
    const targets = completions.map(() => goodTarget);
    const response = await post(app, { ...goodRequest, completions, targets });
    expect(response.statusCode).toBe(200);
    expect(await read(app, "reward_completions_total")).toEqual({
      'outcome="parsed"': 1,
      'outcome="partly"': 1,
      'outcome="unparsed"': 4,
      'outcome="limit"': 2,
    });
    expect(await read(app, "format_failures_total")).toEqual({
      'reason="not_json"': 2,
      'reason="not_an_object"': 1,
      'reason="objects"': 1,
      'reason="relationships"': 1,
      'reason="limit"': 2,
    });
  });

  it("sums up the values of each reward", async () => {
    const app = serverWith();
    const completions = [goodCompletion, "none", goodCompletion, goodCompletion];
    const targets = completions.map(() => goodTarget);
    await post(app, { ...goodRequest, completions, targets, rewards: ["edge_reward"] });
    expect(await read(app, "reward_value_count")).toEqual({ 'component="edge_reward"': 4 });
    expect(await read(app, "reward_value_sum")).toEqual({ 'component="edge_reward"': 15 });
    expect(Object.keys(await read(app, "reward_value"))).toHaveLength(3); // quantiles
  });

  it("tells that nothing is in flight after all, and of the process", async () => {
    const app = serverWith();
    await Promise.all([post(app, goodRequest), post(app, {})]);
    expect(await read(app, "reward_inflight")).toEqual({ "": 0 });
    expect(Object.keys(await read(app, "process_resident_memory_bytes"))).toHaveLength(1);
  });

  it("counts nothing of a request that failed", async () => {
    const app = serverWith();
    await post(app, { ...goodRequest, task: "caption" });
    expect(await read(app, "reward_completions_total")).toEqual({});
  });
});
