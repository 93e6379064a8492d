import fc from "fast-check";
import { expect, it, onTestFinished } from "vitest";
import type { Target } from "../../src/core/graph/scene-graph.ts";
import { createScorer } from "../../src/core/rewards/score.ts";
import { nativeSimilarity } from "../../src/similarity/providers.ts";
import { damagedCompletion, target, toCompletion } from "../helpers/arbitraries.ts";
import { serverWith } from "../helpers/reward-server.ts";
import { threadsWith } from "../helpers/threads.ts";

interface Asked {
  readonly completions: readonly string[];
  readonly targets: readonly Target[];
  readonly request_id: string;
}

const clients = 16;
const score = createScorer({ similarity: (await nativeSimilarity()).similarity });

/** Up to 12 completions, right, damaged or of another image, each with its target. */
const pair = () =>
  fc
    .tuple(target(), target(), damagedCompletion(), fc.nat(2))
    .map(([own, other, damaged, which]) => ({
      completion: [toCompletion(own), toCompletion(other), damaged][which]!,
      target: own,
    }));

it("gives each of 16 clients at once the answer to its own request", {
  timeout: 120_000,
}, async () => {
  const workshop = threadsWith();
  const app = serverWith({}, { workshop });
  onTestFinished(() => app.close());
  const url = `${await app.listen({ host: "127.0.0.1", port: 0 })}/v1/rewards`;

  const ask = async ({ completions, targets, request_id }: Asked): Promise<void> => {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ completions, targets, request_id }),
    });
    const answer = (await response.json()) as Record<string, unknown>;
    const scores = completions.map((text, i) => score(text, targets[i]!));
    expect(answer).toMatchObject({ request_id, outcomes: scores.map(({ outcome }) => outcome) });
    expect(answer.total).toEqual(
      scores.map(({ rewards }) => Object.values(rewards).reduce((sum, one) => sum + one, 0)),
    );
  };

  const requests = fc.array(fc.array(pair(), { maxLength: 12 }), {
    minLength: clients,
    maxLength: clients,
  });
  await fc.assert(
    fc.asyncProperty(requests, fc.uuid(), async (batches, run) => {
      await Promise.all(
        batches.map((pairs, i) =>
          ask({
            completions: pairs.map(({ completion }) => completion),
            targets: pairs.map((one) => one.target),
            request_id: `${run}-${i}`,
          }),
        ),
      );
    }),
    { numRuns: 40 },
  );
});
