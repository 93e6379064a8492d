import type { EvaluationRow } from "../core/metrics/judge.ts";
import { type AnswerText, type AnswerTexts, openAnswerTexts } from "./answer-texts.ts";
import { streamDataset } from "./load.ts";
import {
  badPredictions,
  graphOf,
  type Prediction,
  readPrediction,
  strayPredictions,
} from "./predictions.ts";
import type { Row } from "./row.ts";

/** An image to be evaluated, with the answer as it was given. */
export interface AnsweredRow extends EvaluationRow {
  readonly target: Row;
  readonly answer: Prediction | undefined;
}

/**
 * Each image of a dataset with its answer read as a graph, one at a time, in the dataset's order.
 *
 * Files of any size fit: rows and answers are read side by side, and of answers that come before
 * their image only the place is remembered. Faults are told at the end, all of them; what was done
 * with the rows is void then.
 *
 * Errors: SggError DATA for faults of the dataset or of the predictions, and for answers that belong
 *         to no image.
 */
export async function* readEvaluationRows(
  dataset: string,
  predictions: string,
): AsyncGenerator<AnsweredRow> {
  for await (const { target, answers } of readComparedRows(dataset, [predictions])) {
    const [answer] = answers;
    yield { target, answer, prediction: answer && graphOf(answer, target) };
  }
}

/** An image with the answers of several models, as they were given. */
export interface ComparedRow {
  readonly target: Row;
  /** One for each file of predictions. */
  readonly answers: readonly (Prediction | undefined)[];
}

/**
 * Each image of a dataset with its answer in each of several files, as `readEvaluationRows` reads one.
 *
 * Errors: those of `readEvaluationRows`
 */
export async function* readComparedRows(
  dataset: string,
  predictions: readonly string[],
): AsyncGenerator<ComparedRow> {
  const sources: AnswerTexts[] = [];
  try {
    for (const path of predictions) sources.push(await openAnswerTexts(path));
    const files = sources.map((source, i) => answersOf(source, predictions[i]!));
    for await (const target of streamDataset(dataset)) {
      const answers = await Promise.all(files.map(({ find }) => find(target.image_id)));
      yield { target, answers };
    }
    for (const { finish } of files) await finish();
  } finally {
    for (const { close } of sources) await close();
  }
}

interface Answers {
  readonly find: (imageId: string) => Promise<Prediction | undefined>;
  /** Reads what was not asked for. Errors: SggError DATA for faults and strays. */
  readonly finish: () => Promise<void>;
}

function answersOf({ texts }: AnswerTexts, path: string): Answers {
  const seen = new Set<string>();
  const skipped = new Map<string, AnswerText["again"]>();
  const faults: string[] = [];

  /** Reads on to the answer of an image, or to the end. */
  const readOn = async (imageId?: string): Promise<Prediction | undefined> => {
    for (let next = await texts.next(); !next.done; next = await texts.next()) {
      const read = readPrediction(next.value, seen);
      if ("fault" in read) {
        faults.push(read.fault);
        continue;
      }
      seen.add(read.value.image_id);
      if (read.value.image_id === imageId) return read.value;
      skipped.set(read.value.image_id, next.value.again);
    }
    return undefined;
  };

  const find = async (imageId: string): Promise<Prediction | undefined> => {
    const again = skipped.get(imageId);
    if (!again) return readOn(imageId);
    skipped.delete(imageId);
    const read = readPrediction({ where: "", text: await again(), again }, new Set());
    if ("value" in read) return read.value;
    throw badPredictions(path, [`the file changed while it was read: ${read.fault}`]);
  };

  return {
    find,
    finish: async () => {
      await readOn();
      if (faults.length > 0) throw badPredictions(path, faults);
      if (skipped.size > 0) throw strayPredictions(path, [...skipped.keys()]);
    },
  };
}
