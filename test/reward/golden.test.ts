import { describe, expect, it, onTestFinished } from "vitest";
import { profiles } from "../../src/core/rewards/profiles.ts";
import { defaultScoring } from "../../src/reward/settings.ts";
import { goldenCases } from "../helpers/golden-rewards.ts";
import { serverWith } from "../helpers/reward-server.ts";
import { threadsWith } from "../helpers/threads.ts";

/** The rewards that the reference was asked for; format rewards must be equal, not only near. */
describe.each([
  ["release", 333],
  ["release-head", 333],
  ["v1", 293],
] as const)("profile %s over HTTP", (profile, count) => {
  it("gives all golden completions the reference's rewards", async () => {
    const workshop = threadsWith({ ...defaultScoring, profile });
    const app = serverWith({ profile }, { workshop });
    onTestFinished(() => app.close());
    const url = await app.listen({ host: "127.0.0.1", port: 0 });
    const cases = goldenCases.flatMap((one) => {
      const expected = one.expected[profile];
      return expected ? [{ ...one, expected }] : [];
    });
    const names = Object.keys(profiles[profile].rewards);
    const response = await fetch(`${url}/v1/rewards`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        completions: cases.map((one) => one.completion),
        targets: cases.map((one) => one.target),
        box_scale: cases.map((one) => one.boxScale),
        task: cases.map((one) => one.task),
        rewards: names,
      }),
    });
    const { rewards } = (await response.json()) as { rewards: Record<string, number[]> };
    expect(cases).toHaveLength(count);
    for (const [i, { id, expected }] of cases.entries()) {
      for (const name of names) {
        const given = rewards[name]![i]!;
        const allowed = name === "format_reward" ? 0 : 1e-5;
        expect(
          Math.abs(given - expected[name]!),
          `${id} ${name}: ${given}, not ${expected[name]}`,
        ).toBeLessThanOrEqual(allowed);
      }
    }
  });
});
