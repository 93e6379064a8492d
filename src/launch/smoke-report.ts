import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { strictProtocol } from "../core/metrics/protocol.ts";
import { datasetClasses } from "../core/metrics/scene.ts";
import { scoreCompletion } from "../core/rewards/score.ts";
import { thumbnail } from "../data/image.ts";
import type { Row } from "../data/load.ts";
import { graphOf, loadPredictions, type Prediction } from "../data/predictions.ts";
import type { SmokePlan } from "../plan/smoke-plan.ts";
import type { Gallery, GalleryAnswer } from "../report/gallery/gallery.ts";
import { type Report, reportHtml } from "../report/html.ts";
import { metricsTable } from "../report/table.ts";
import { writeAtomic } from "../write-atomic.ts";
import { validationRows } from "./smoke-data.ts";
import { smokeChecks, smokeFacts } from "./smoke-facts.ts";
import { readProofs } from "./smoke-grpo.ts";
import type { SmokeMetrics } from "./smoke-metrics.ts";
import type { SmokeRun } from "./smoke-run.ts";
import { readMark } from "./stages.ts";

/** As many images as a reader looks at, and as the page stays small with. */
const mostImages = 12;
/** Longest side of a picture in the report, in pixels. */
const pictureSide = 640;

/** The report stage: report/{index.html,curves.svg,table.md} from what the run left in its folder. */
export async function reportSmoke({ plan, runDir }: SmokeRun): Promise<void> {
  const metrics = JSON.parse(await readFile(join(runDir, "metrics.json"), "utf8")) as SmokeMetrics;
  const proofs = await readProofs(runDir);
  const { curvePanels, curvesSvg } = await import("../report/curves.ts");
  const logs = {
    sft: await readSteps(runDir, "sft"),
    grpo: await readSteps(runDir, "grpo"),
    integrity: proofs.integrity,
  };
  const report: Report = {
    title: `r1sgg smoke: ${plan.id}`,
    summary:
      "The whole chain in small: data, SFT, GRPO with live sampling and HTTP rewards, inference, evaluation. The figures prove that it runs, not that the model is good.",
    facts: smokeFacts(plan, metrics),
    checks: smokeChecks(plan, proofs),
    stages: await stageTimes(plan, runDir),
    rows: metrics.rows,
    curves: await curvePanels(logs),
    gallery: await validationGallery(plan, runDir),
  };
  const folder = join(runDir, "report");
  await mkdir(folder, { recursive: true });
  await writeAtomic(join(folder, "table.md"), metricsTable(metrics.rows));
  await writeAtomic(join(folder, "curves.svg"), await curvesSvg(logs));
  await writeAtomic(join(folder, "index.html"), reportHtml(report));
}

/** The steps of a worker's progress file, without its phases. */
async function readSteps(runDir: string, stage: string) {
  const text = await readFile(join(runDir, "progress", `${stage}.jsonl`), "utf8");
  const lines = text.split("\n").filter(Boolean);
  return lines
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter((line) => typeof line.step === "number");
}

async function stageTimes(plan: SmokePlan, runDir: string) {
  const names = plan.stages.filter((name) => name !== "report");
  const marks = await Promise.all(names.map((name) => readMark(runDir, name)));
  return marks.map(({ stage, seconds }) => ({ name: stage, seconds }));
}

async function validationGallery(plan: SmokePlan, runDir: string): Promise<Gallery> {
  const rows = await validationRows(runDir);
  const answers = await Promise.all(
    plan.methods.map(({ predictions }) => loadPredictions(join(runDir, predictions))),
  );
  const shown = rows.slice(0, mostImages);
  const left = rows.length - shown.length;
  return {
    title: "validation",
    models: plan.methods.map(({ method }) => method),
    images: await Promise.all(
      shown.map(async (row) => ({
        target: row,
        picture: await thumbnail(row.image_path!, pictureSide), // val.jsonl always has one
        note: null,
        answers: answers.map((byImage) =>
          toAnswer(row, byImage.get(row.image_id), plan.recipe.grpo.rewards),
        ),
      })),
    ),
    protocol: strictProtocol(datasetClasses(rows)),
    notes: left > 0 ? [`The first ${shown.length} of ${rows.length}.`] : [],
  };
}

function toAnswer(
  row: Row,
  answer: Prediction | undefined,
  rewards: readonly string[],
): GalleryAnswer {
  const { response, box_scale: boxScale } = answer ?? { response: "", box_scale: undefined };
  return {
    response: answer?.response,
    prediction: answer && graphOf(answer, row),
    rewards: scoreCompletion(response, row, { rewards, ...(boxScale && { boxScale }) }).rewards,
  };
}
