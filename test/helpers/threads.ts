import { onTestFinished } from "vitest";
import { defaultScoring, type ScoringSettings } from "../../src/reward/settings.ts";
import type { Job } from "../../src/reward/work.ts";
import { type ThreadOptions, workInThreads } from "../../src/reward/work-in-threads.ts";

/** A workshop of real threads, closed when the test is over. */
export function threadsWith(
  settings: Partial<ScoringSettings> = {},
  options: Omit<Partial<ThreadOptions>, "settings"> = {},
) {
  const workshop = workInThreads({
    threads: 2,
    settings: { ...defaultScoring, ...settings },
    jobMs: 60_000,
    warn: () => {},
    ...options,
  });
  onTestFinished(() => workshop.close());
  return workshop;
}

/** A request to the native route as a job. */
export const job = (request: object): Job => ({
  path: "/v1/rewards",
  query: {},
  body: new TextEncoder().encode(JSON.stringify(request)),
  encoding: "identity",
});

/** The JSON of an answer. */
export const read = (body: Uint8Array) => JSON.parse(new TextDecoder().decode(body));
