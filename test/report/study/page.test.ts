import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, onTestFinished } from "vitest";
import { loadStudies } from "../../../src/recipe/load-study.ts";
import { studyRuns } from "../../../src/recipe/study.ts";
import { studyReport } from "../../../src/report/study/files.ts";
import { vegaSvg } from "../../../src/report/vega-svg.ts";
import { shipped } from "../../../src/root.ts";
import { launchBrowser } from "../../helpers/browser.ts";
import { requires } from "../../helpers/requires.ts";
import { hostileGallery } from "../gallery/fixture.ts";
import { hostile } from "../report-fixture.ts";
import { metrics, run } from "./runs.ts";

/** The page of a study whose runs are all done, their facts hostile. */
async function pageOf(name: string): Promise<string> {
  const group = await loadStudies(shipped(`recipes/studies/${name}.yaml`));
  const facts = { ...run("x").facts, model: hostile, stack: hostile };
  const isCurves = group.studies.some(({ kind }) => kind === "curves");
  const runs = group.studies.flatMap(studyRuns).map((path, i) => {
    const of = (checkpoint: number | null) =>
      run(`run-${i}-${checkpoint}`, {
        ...{ checkpoint, steps: 300, facts, metrics: metrics(i, 2 * i, 3 * i, i) },
      });
    return [path, isCurves ? [of(100), of(200), of(null)] : [of(null)]] as const;
  });
  const { page } = await studyReport(group, new Map(runs), vegaSvg);
  return page([hostileGallery]);
}

for (const name of ["v1-table3", "table3", "figure2"])
  requires("chromium").it(
    `the page of ${name} asks for nothing, obeys nothing and fits a phone`,
    async () => {
      const folder = await mkdtemp(join(tmpdir(), "r1sgg-page-"));
      onTestFinished(() => rm(folder, { recursive: true, force: true }));
      const path = join(folder, "index.html");
      await writeFile(path, await pageOf(name));
      const browser = await launchBrowser();
      onTestFinished(() => browser.close());
      for (const width of [380, 1200]) {
        const page = await browser.newPage({ viewport: { width, height: 800 } });
        const said: string[] = [];
        page.on("console", (message) => said.push(message.text()));
        page.on("pageerror", (error) => said.push(error.message));
        page.on("request", (request) => {
          if (!/^(file|data):/.test(request.url())) said.push(request.url());
        });
        await page.goto(pathToFileURL(path).href);
        expect(said).toEqual([]);
        expect(await page.evaluate("window.owned")).toBeUndefined();
        expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(
          width,
        );
      }
    },
  );
