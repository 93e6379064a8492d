import type { VqaScore } from "../core/vqa/score.ts";
import { alignedLines, figureText, intervalText } from "./figure-lines.ts";

/** The score of one setting. */
export interface VqaRow extends VqaScore {
  readonly setting: string;
  /** The row of the paper's table. */
  readonly row: string;
}

/**
 * The scores for a terminal: Acc and mAcc with their differences to the original setting, as the
 * paper prints them, the interval of Acc, and how the answers were read.
 */
export function vqaText(rows: readonly VqaRow[]): string {
  const original = rows.find(({ setting }) => setting === "original");
  const difference = (value: number, from: number | undefined): string => {
    if (from === undefined) return "";
    // between the printed figures, so that they can be added up by hand
    const delta = Number(value.toFixed(2)) - Number(from.toFixed(2));
    return `${delta < 0 ? "" : "+"}${delta.toFixed(2)}`;
  };
  const table = alignedLines([
    { name: "", cells: ["Acc", "", "95 % interval", "mAcc", ""] },
    ...rows.map((one) => ({
      name: one.row,
      cells: [
        figureText(one.acc),
        one === original ? "" : difference(one.acc, original?.acc),
        intervalText(one.acc_interval),
        figureText(one.macc),
        one === original ? "" : difference(one.macc, original?.macc),
      ],
    })),
  ]);
  const kinds = [...new Set(rows.flatMap((one) => Object.keys(one.kinds)))].sort();
  const read = alignedLines([
    { name: "answers read as", cells: kinds },
    ...rows.map((one) => ({
      name: one.row,
      cells: kinds.map((kind) => String((one.kinds as Record<string, number>)[kind] ?? 0)),
    })),
  ]);
  const { questions, images } = rows[0]!;
  const note = `${questions} questions on ${images} images; percent; a guess is right in 25.`;
  return `${table}\n${read}\n${note}\n`;
}
