import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { describe, expect, it, onTestFinished } from "vitest";
import { createScorer } from "../../src/core/rewards/score.ts";
import { nativeSimilarity } from "../../src/similarity/providers.ts";
import { answer, scene } from "../core/rewards/scenes.ts";
import { rowsFile, temporaryFolder } from "../data/rows-file.ts";
import { r1sgg } from "./r1sgg.ts";

const [man, horse] = scene.objects;
const [riding] = scene.relationships;
const completion = answer(
  [{ ...man, id: "person.1" }, horse],
  [{ ...riding, subject: "person.1", predicate: "on" }],
);

/** A similarity server that finds all different terms half alike. */
async function halfAlike(): Promise<string> {
  const app = createServer(async (request, response) => {
    const { pairs } = JSON.parse(await text(request)) as { pairs: unknown[] };
    response.end(JSON.stringify({ similarities: pairs.map(() => 0.5) }));
  });
  app.listen(0, "127.0.0.1");
  onTestFinished(() => void app.close());
  await once(app, "listening");
  return `http://127.0.0.1:${(app.address() as AddressInfo).port}/`;
}

/** The rewards that both commands give with a similarity; they must agree. */
async function rewardsWith(similarity: string, workers = "0") {
  const folder = await temporaryFolder();
  const paths = { target: join(folder, "target.json"), completion: join(folder, "said.txt") };
  await writeFile(paths.target, JSON.stringify(scene));
  await writeFile(paths.completion, completion);
  const input = await rowsFile(folder, [{ completion, target: scene, box_scale: [100, 100] }]);
  const output = join(folder, "scores.jsonl");
  const flags = ["--similarity", similarity];
  const explained = await r1sgg(
    ...["reward", "explain", "--target", paths.target, "--completion", paths.completion],
    ...["--box-scale", "100,100", "--json", ...flags],
  );
  const scored = await r1sgg("reward", "score", input, output, "--workers", workers, ...flags);
  return { explained, scored, output };
}

async function agreed({ explained, output }: Awaited<ReturnType<typeof rewardsWith>>) {
  const told = JSON.parse(explained.out) as {
    rewards: { name: string; value: number; in_total: boolean }[];
  };
  const values = Object.fromEntries(
    told.rewards.filter((one) => one.in_total).map(({ name, value }) => [name, value]),
  );
  const [line] = (await readFile(output, "utf8")).split("\n");
  expect(JSON.parse(line!).rewards).toEqual(values);
  return values;
}

describe("reward explain and reward score", () => {
  it("take spaCy's similarity, which the scorer takes too", async () => {
    const { similarity } = await nativeSimilarity();
    const { rewards } = createScorer({ similarity })(completion, scene, { boxScale: [100, 100] });
    expect(await agreed(await rewardsWith("native", "1"))).toEqual(rewards);
    expect(rewards.node_acc_reward).toBeGreaterThan(0);
  });

  it.each(["0", "1"])(
    "ask a server for similarities beforehand, with %s threads",
    async (workers) => {
      expect(await agreed(await rewardsWith(await halfAlike(), workers))).toEqual({
        format_reward: 1,
        node_acc_reward: 1, // 2 · (0.5 + 1) / 3
        node_box_reward: 4 / 3,
        edge_reward: 0.625, // 5 · 0.5 person for man · 0.5 on for riding, of two
      });
    },
  );

  it.each(["0", "1"])("exit 4 when the server is away, with %s threads", async (workers) => {
    const { explained, scored } = await rewardsWith("http://127.0.0.1:9/", workers);
    for (const { code, err } of [explained, scored]) {
      expect([code, err]).toEqual([4, expect.stringContaining("127.0.0.1:9")]);
    }
  });
});
