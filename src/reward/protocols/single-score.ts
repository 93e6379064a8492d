import { z } from "zod";
import { type Scored, totals } from "../scored.ts";

/** The total of one completion as `score`, each reward beside it, and whether it could be read. */
export const scoreObject = z.object({ score: z.number(), parsed: z.number() }).catchall(z.number());

/**
 * The answer for one completion: the same fields each time, and numbers only.
 *
 * verl makes a metric of each field and fails when samples differ in them.
 */
export const singleScore = (scored: Scored): z.infer<typeof scoreObject> => ({
  ...scored.scores[0]!.rewards,
  score: totals(scored)[0]!,
  parsed: Number(scored.scores[0]!.outcome.parsed),
});
