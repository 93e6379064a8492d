import { createHash } from "node:crypto";
import type { ClassNames } from "../core/classes/class-names.ts";
import { psg } from "../core/classes/psg.ts";
import { vg150 } from "../core/classes/vg150.ts";
import type { Profile } from "../core/rewards/profiles.ts";
import { version } from "../version.ts";
import { codeHash } from "./code-hash.ts";
import type { ScoringSettings } from "./settings.ts";

/** What decides about the rewards of a server, so that a run can say what it was trained on. */
export async function about(profile: Profile, settings: ScoringSettings, similarity?: string) {
  return {
    version,
    profile: profile.name,
    sources: profile.sources,
    rewards: Object.keys(profile.rewards),
    defaults: profile.defaults,
    parameters: {
      format_weight: settings.parameters.formatWeight,
      node_weight: settings.parameters.nodeWeight,
      edge_weight: settings.parameters.edgeWeight,
      strict_format: settings.parameters.strictFormat,
      node_weights: settings.parameters.nodeWeights,
    },
    solver: settings.solver,
    similarity: { provider: settings.similarity, numbers: similarity ?? "not loaded yet" },
    vocabulary: { vg150: digest(vg150), psg: digest(psg) },
    limits: {
      ...settings.limits,
      completion_ms: settings.completionMs,
      completions: settings.maxCompletions,
      body_bytes: settings.maxBodyBytes,
    },
    code: await codeHash(),
  };
}

/** SHA-256 of the names in their order. */
const digest = (names: ClassNames): string =>
  createHash("sha256").update(JSON.stringify(names)).digest("hex");
