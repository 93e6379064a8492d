import { ink } from "../line-panel.ts";

/** A series that nobody ran, in a legend. */
export const notRun = (name: string): string => `${name} (not run)`;

/** A line of an empty panel: who was not run. */
export const remark = (name: string, i: number): object => ({
  data: { values: [{}] },
  mark: { type: "text", align: "left", baseline: "top", color: ink, opacity: 0.75, fontSize: 11 },
  encoding: { x: { value: 6 }, y: { value: 6 + 16 * i }, text: { value: `${name}: not run` } },
});
