import { access, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { Command } from "commander";
import { SggError } from "../errors.ts";
import { findStudyRuns } from "../launch/study/study-runs.ts";
import { loadStudy } from "../recipe/load-study.ts";
import { studyReport } from "../report/study/files.ts";
import { shipped } from "../root.ts";
import { writeAtomic } from "../write-atomic.ts";
import type { Io } from "./io.ts";
import { runsOption } from "./run-options.ts";
import { writePng } from "./write-png.ts";

interface ReportOptions {
  readonly runs: string;
  readonly out?: string;
  readonly json: boolean;
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
    .option("--json", "print JSON instead of a table", false)
    .action(async (name: string, { runs: runsDir, out, json }: ReportOptions) => {
      const study = await loadStudy(await studyPath(name));
      const runs = await findStudyRuns(study, runsDir);
      const report = await studyReport(study, runs, async (spec) =>
        (await import("../report/vega-svg.ts")).vegaSvg(spec),
      );
      if (out !== undefined) {
        await mkdir(out, { recursive: true }).catch((cause: NodeJS.ErrnoException) => {
          throw new SggError("USAGE", `Cannot make "${out}": ${cause.message}, expected a folder`);
        });
        for (const [file, text] of Object.entries(report.files))
          await writeAtomic(join(out, file), text);
        if (report.svg !== null) await writePng(report.svg, join(out, `${study.name}.png`));
        warn(`written to ${out}: ${Object.keys(report.files).join(", ")}\n`);
      }
      print(json ? `${JSON.stringify(report.model, null, 2)}\n` : report.text);
    });

/** A path as it is, or the study of ours that has that name. */
async function studyPath(name: string): Promise<string> {
  const candidates = /^[a-z0-9-]+$/.test(name)
    ? [name, shipped(`recipes/studies/${name}.yaml`)]
    : [name];
  for (const path of candidates) {
    if (
      await access(path).then(
        () => true,
        () => false,
      )
    )
      return path;
  }
  return candidates[0]!; // loadStudy says that it is not there
}
