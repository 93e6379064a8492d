import type { Profile } from "../../core/rewards/profiles.ts";
import { nativeProtocol } from "./native.ts";
import { openRlhfProtocol } from "./openrlhf.ts";
import type { ScoringPath } from "./paths.ts";
import type { Protocol } from "./protocol.ts";
import { scoreProtocol } from "./score.ts";
import { slimeProtocol } from "./slime.ts";

/** All ways to ask for the rewards of a profile, by path. */
export const protocols = (profile: Profile): Readonly<Record<ScoringPath, Protocol>> => ({
  "/v1/rewards": nativeProtocol(profile),
  "/get_reward": openRlhfProtocol(profile),
  "/rm": slimeProtocol(profile),
  "/score": scoreProtocol(profile),
});
