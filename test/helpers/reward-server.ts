import { type RewardServerOptions, rewardServer } from "../../src/reward/server.ts";
import { defaultScoring, type ScoringSettings } from "../../src/reward/settings.ts";
import { workHere } from "../../src/reward/workshop.ts";

/** A server that scores in its own thread, with some settings other than the defaults. */
export function serverWith(
  settings: Partial<ScoringSettings> = {},
  options: Omit<Partial<RewardServerOptions>, "settings"> = {},
) {
  const all = { ...defaultScoring, ...settings };
  return rewardServer({ settings: all, workshop: workHere(all), ...options });
}
