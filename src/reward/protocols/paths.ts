/** The paths on which rewards are asked for; here by themselves, so that HTTP needs no schemas. */
export const scoringPaths = ["/v1/rewards", "/get_reward", "/rm", "/score"] as const;

/** One of them. */
export type ScoringPath = (typeof scoringPaths)[number];
