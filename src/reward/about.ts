import type { Profile } from "../core/rewards/profiles.ts";
import { version } from "../version.ts";
import { codeHash } from "./code-hash.ts";
import type { ScoringSettings } from "./settings.ts";

/** What decides about the rewards of a server, so that a run can say what it was trained on. */
export async function about(profile: Profile, settings: ScoringSettings) {
  return {
    version,
    profile: profile.name,
    sources: profile.sources,
    rewards: Object.keys(profile.rewards),
    defaults: profile.defaults,
    parameters: settings.parameters,
    solver: settings.solver,
    similarity: settings.similarity,
    limits: {
      ...settings.limits,
      completion_ms: settings.completionMs,
      completions: settings.maxCompletions,
      body_bytes: settings.maxBodyBytes,
    },
    code: await codeHash(),
  };
}
