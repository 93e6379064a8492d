import { explainCompletion } from "../core/explain/explain.ts";
import type { Explanation } from "../core/explain/explanation.ts";
import { thumbnail } from "../data/image.ts";
import { SggError } from "../errors.ts";
import { explanationSvg } from "../report/explanation-svg.ts";
import { explanationText } from "../report/explanation-text.ts";
import { withSimilarity } from "../reward/prepared-similarity.ts";
import { solvers } from "../reward/score-items.ts";
import { similarityProvider } from "../similarity/providers.ts";
import type { Io } from "./io.ts";
import { type Case, loadCase } from "./reward-case.ts";
import type { ExplainFlags } from "./reward-explain.ts";
import { scoringOf } from "./reward-options.ts";
import { writeResult } from "./write-result.ts";

/** Longest side of the picture in a drawing, in pixels. */
const pictureSide = 1280;

/** Explains one completion: words or JSON to stdout, a drawing to its file. */
export async function runExplain(flags: ExplainFlags, io: Io): Promise<void> {
  const one = await loadCase(flags);
  const { profile, parameters, solver, limits, similarity } = scoringOf(flags);
  const told = await withSimilarity(await similarityProvider(similarity), (compare) =>
    explainCompletion(one.completion, one.target, {
      ...{ profile, parameters, limits, task: flags.task },
      solver: solvers[solver],
      similarity: compare,
      boxScale: flags.boxScale ?? one.boxScale ?? [1000, 1000],
    }),
  );
  if (flags.svg !== undefined) await draw(flags.svg, told, one, flags, io);
  io.print(flags.json ? `${JSON.stringify(told, undefined, 2)}\n` : explanationText(told));
}

async function draw(
  path: string,
  told: Explanation,
  { image }: Case,
  flags: ExplainFlags,
  io: Io,
): Promise<void> {
  const { svgReward: by } = flags;
  const known = told.rewards.filter(({ relations }) => relations).map(({ name }) => name);
  if (by !== undefined && !told.rewards.some(({ name }) => name === by)) {
    throw new SggError(
      "USAGE",
      `Cannot draw by reward "${by}": no such here, expected one of ${known.join(", ")}`,
    );
  }
  const picture = image === undefined ? undefined : await pictureOf(image, flags, io);
  const svg = explanationSvg(told, {
    ...(picture !== undefined && { image: picture }),
    ...(by !== undefined && { by }),
  });
  await writeResult(path, svg);
  io.warn(`drawn: ${path}\n`);
}

/** The picture to draw on. That a dataset lacks its image is told and no fault, as it is not needed. */
const pictureOf = (image: string, flags: ExplainFlags, { warn }: Io): Promise<string | undefined> =>
  thumbnail(image, pictureSide).catch((cause: unknown) => {
    if (flags.image !== undefined || !(cause instanceof SggError)) throw cause;
    warn(`${cause.message}; drawn on a blank ground\n`);
    return undefined;
  });
