import { discard } from "../cannot-write.ts";
import { SggError } from "../errors.ts";
import { writeAtomic } from "../write-atomic.ts";

/** An image that got no answer, and why. */
export interface Unanswered {
  readonly image_id: string;
  readonly reason: string;
}

/** Where the unanswered images of a predictions file are listed. */
export const unansweredPath = (out: string): string => `${out}.unanswered.jsonl`;

/** Lists the images that got no answer beside the predictions; no list when there are none. */
export async function writeUnanswered(out: string, list: readonly Unanswered[]): Promise<void> {
  const lines = list.map((one) => `${JSON.stringify(one)}\n`);
  if (lines.length > 0) await writeAtomic(unansweredPath(out), lines.join(""));
  else await discard(unansweredPath(out));
}

/** Errors: SggError ROLE when an image has got no answer: they are missing from the predictions. */
export function checkAnswered(out: string, of: number, list: readonly Unanswered[]): void {
  const [first] = list;
  if (first === undefined) return;
  const which = list.length === 1 ? "" : "the first of them, ";
  throw new SggError(
    "ROLE",
    `Cannot answer ${list.length} of ${of} images: ${which}"${first.image_id}": ${first.reason}, expected an answer to each; "${unansweredPath(out)}" lists them, and the same command asks them again`,
  );
}
