import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { Command } from "commander";
import { cannotWrite } from "../cannot-write.ts";
import { type CocoIds, readCocoIds } from "../data/coco-ids.ts";
import { readGalleries } from "../launch/study/read-galleries.ts";
import { readOverlaps } from "../launch/study/read-overlaps.ts";
import { findStudyRuns } from "../launch/study/study-runs.ts";
import { loadStudies } from "../recipe/load-study.ts";
import type { Study } from "../recipe/study.ts";
import { comparisons } from "../report/study/compared.ts";
import { type OverlapsOf, type StudyReport, studyReport } from "../report/study/files.ts";
import { type Overlap, overlapPairs } from "../report/study/overlap.ts";
import type { RunsOf } from "../report/study/run.ts";
import { shipped } from "../root.ts";
import { writeAtomic } from "../write-atomic.ts";
import type { Io } from "./io.ts";
import { finiteNumber, wholeNumber } from "./numbers.ts";
import { runsOption } from "./run-options.ts";
import { watch } from "./watch.ts";
import { writePng } from "./write-png.ts";

interface ReportOptions {
  readonly runs: string;
  readonly out?: string;
  readonly json: boolean;
  readonly images: number;
  readonly seed: number;
  readonly cocoIds: readonly string[];
  readonly watch?: number | true;
}

/** `r1sgg report STUDY`: a table or figure of the paper beside what was measured so far. */
export const reportCommand = ({ print, warn }: Io): Command =>
  new Command("report")
    .description(
      "a table or figure of the paper beside what was measured, is running, or nobody ran",
    )
    .argument("<study>", "a study's file, or the name of one of ours: table1, v1-table3, figure2 …")
    .addOption(runsOption)
    .option(
      "--out <dir>",
      "write it there as Markdown, LaTeX, CSV, JSON and HTML, figures as SVG and PNG",
    )
    .option(
      "--images <n>",
      "images of each data set in the HTML, with all answers",
      wholeNumber(0),
      48,
    )
    .option("--seed <n>", "of the images that are drawn", wholeNumber(0), 0)
    .option(
      "--coco-ids <files...>",
      "image_data.json of Visual Genome, psg.json: which images of COCO theirs are, where rows do not say",
      [],
    )
    .option("--json", "print JSON instead of a table", false)
    .option(
      "--watch [seconds]",
      "look again every so many seconds (10), until Ctrl-C",
      finiteNumber,
    )
    .action(async (name: string, options: ReportOptions) => {
      const group = await loadStudies(studyPath(name));
      const { out, json } = options;
      const cocoIds = await Promise.all(options.cocoIds.map(readCocoIds));
      const look = async (): Promise<Looked> => {
        const runs = await findStudyRuns(group.studies, options.runs);
        const overlaps = await overlapsOf(group.studies, runs, cocoIds);
        const report = await studyReport(group, runs, draw, overlaps);
        return {
          runs,
          report,
          text: json ? `${JSON.stringify(report.model, null, 2)}\n` : report.text,
        };
      };
      const show = async ({ runs, report, text }: Looked) => {
        if (out !== undefined) {
          const compared = options.images > 0 ? comparisons(group.studies, runs) : [];
          const page = report.page(await readGalleries(compared, options));
          const files = { ...report.files, "index.html": page };
          await writeReport({ ...report, files }, out);
          warn(`written to ${out}: ${Object.keys(files).join(", ")}\n`);
        }
        print(text);
      };
      if (options.watch === undefined) return show(await look());
      await watch(options.watch === true ? 10 : options.watch, look, show);
    });

/** How the sets of images overlap, of each study that asks for it. */
async function overlapsOf(
  studies: readonly Study[],
  runs: RunsOf,
  known: readonly CocoIds[],
): Promise<OverlapsOf> {
  const found = new Map<string, readonly Overlap[]>();
  for (const study of studies)
    found.set(study.name, await readOverlaps(overlapPairs(study, runs), known));
  return found;
}

interface Looked {
  readonly runs: RunsOf;
  readonly report: StudyReport;
  readonly text: string;
}

/** Vega is slow to load, and tables do without. */
const draw = async (spec: object): Promise<string> =>
  (await import("../report/vega-svg.ts")).vegaSvg(spec);

async function writeReport(report: StudyReport, out: string): Promise<void> {
  await mkdir(out, { recursive: true }).catch((cause: unknown) => {
    throw cannotWrite(out, cause);
  });
  for (const [file, text] of Object.entries(report.files)) await writeAtomic(join(out, file), text);
  for (const [name, svg] of Object.entries(report.svgs))
    await writePng(svg, join(out, `${name}.png`));
}

/** A path as it is, or the study of ours that has that name. */
function studyPath(name: string): string {
  const candidates = /^[a-z0-9-]+$/.test(name)
    ? [name, shipped(`recipes/studies/${name}.yaml`)]
    : [name];
  for (const path of candidates) if (existsSync(path)) return path;
  return candidates[0]!; // loadStudies says that it is not there
}
