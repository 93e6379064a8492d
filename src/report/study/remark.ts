import { ink } from "../line-panel.ts";
import type { StudyRun } from "./run.ts";

/** What is said of a series that has no figure yet. */
export const standing = (runs: readonly StudyRun[] | undefined): "running" | "not run" =>
  runs?.some(({ state }) => state === "running" || state === "queued") ? "running" : "not run";

/** A line of an empty panel: which series has no figure, and why. */
export const remark = (text: string, i: number): object => ({
  data: { values: [{}] },
  mark: { type: "text", align: "left", baseline: "top", color: ink, opacity: 0.75, fontSize: 11 },
  encoding: { x: { value: 6 }, y: { value: 6 + 16 * i }, text: { value: text } },
});
