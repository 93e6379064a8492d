import { join } from "node:path";
import { Command } from "commander";
import { scoreVqa } from "../core/vqa/score.ts";
import { settings } from "../core/vqa/setting.ts";
import { loadVqaAnswers } from "../data/vqa/answers.ts";
import { loadQuestions } from "../data/vqa/question-file.ts";
import { SggError } from "../errors.ts";
import { type VqaRow, vqaText } from "../report/vqa-text.ts";
import type { Io } from "./io.ts";
import { writeResult } from "./write-result.ts";

interface ScoreFlags {
  readonly questions: string;
  readonly predictions: string;
  readonly out?: string;
  readonly json: boolean;
}

/** `r1sgg vqa score`: Acc and mAcc of the settings that were asked. */
export const vqaScoreCommand = ({ print }: Io): Command =>
  new Command("score")
    .description("score the answers of each setting: Acc, mAcc, how the answers were read")
    .requiredOption("--questions <dir>", 'the folder of "vqa build"')
    .requiredOption("--predictions <dir>", "a folder of <setting>.jsonl: question_id, response")
    .option("--out <file>", "write the figures there as JSON")
    .option("--json", "print JSON instead of a table", false)
    .action(async (flags: ScoreFlags) => {
      const questions = await loadQuestions(flags.questions);
      const rows: VqaRow[] = [];
      for (const { name, row } of settings) {
        const path = join(flags.predictions, `${name}.jsonl`);
        const answers = await loadVqaAnswers(path, questions);
        if (answers) rows.push({ setting: name, row, ...scoreVqa(questions, answers) });
      }
      if (rows.length === 0)
        throw new SggError(
          "DATA",
          `Cannot score "${flags.predictions}": no answers there, expected ${settings[0]!.name}.jsonl or that of another setting`,
        );
      const json = `${JSON.stringify({ settings: rows }, null, 2)}\n`;
      if (flags.out !== undefined) await writeResult(flags.out, json);
      print(flags.json ? json : vqaText(rows));
    });
