import { basename } from "node:path";
import type { DatasetStats } from "../core/statistics/dataset-stats.ts";
import { thumbnail } from "../data/image.ts";
import type { Row } from "../data/row.ts";
import { dataPageHtml } from "../report/data-page.ts";
import { writeResult } from "./write-result.ts";

/** What a page about a dataset is made of. */
interface PageParts {
  readonly path: string;
  /** How the tokens were counted. */
  readonly how: Readonly<Record<string, unknown>>;
  readonly stats: DatasetStats;
  readonly sample: readonly Row[];
}

/** The longer side of the pictures in the page, in pixels. */
const pictureSide = 720;

/** Writes the page of a dataset. Errors: SggError DATA for an image; those of `writeResult`. */
export async function writeDataPage(out: string, { path, how, stats, sample }: PageParts) {
  const { histogramSvgs, tailSvgs } = await import("../report/data-plots.ts"); // vega is heavy
  const { tokens, exceeding } = stats;
  const limitOf = (name: string) => exceeding.find(({ limit }) => limit === name)?.most;
  const limited = (name: string) => {
    const limit = limitOf(name);
    return limit === undefined ? {} : { limit };
  };
  const plots = [
    ...(await histogramSvgs([
      { title: "Objects", unit: "objects of an image", summary: stats.objects },
      { title: "Relations", unit: "relations of an image", summary: stats.relations },
      { title: "Image", unit: "tokens", summary: tokens.image },
      ...(tokens.prompt
        ? [
            {
              title: "Prompt with image",
              unit: "tokens",
              summary: tokens.prompt,
              ...limited("max_prompt_length"),
            },
          ]
        : []),
      ...(tokens.answer
        ? [
            {
              title: "Answer",
              unit: "tokens",
              summary: tokens.answer,
              ...limited("max_completion_length"),
            },
          ]
        : []),
      ...(tokens.all
        ? [
            {
              title: "Prompt and answer",
              unit: "tokens",
              summary: tokens.all,
              ...limited("max_model_len"),
            },
          ]
        : []),
    ])),
    ...(await tailSvgs([
      { title: "Long tail of objects", counts: stats.names },
      { title: "Long tail of predicates", counts: stats.predicates },
    ])),
  ];
  const shown = sample.filter(({ image_path }) => image_path !== undefined);
  const images = await Promise.all(
    shown.map(async (row) => ({
      target: row,
      thumbnail: await thumbnail(row.image_path!, pictureSide),
    })),
  );
  const facts = Object.entries({ rows: stats.rows, path, ...how }).map(([name, value]) => ({
    ...{ name: name.replaceAll("_", " "), value: value === null ? "none" : String(value) },
  }));
  const title = `Dataset ${basename(path)}`;
  await writeResult(out, dataPageHtml({ title, facts, stats, plots, images }));
}
