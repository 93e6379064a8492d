import { category } from "../graph/names.ts";
import type { Box, Target } from "../graph/scene-graph.ts";
import { type Random, randomStream } from "../random-stream.ts";

/** One of the two objects that a question is about. */
export interface Asked {
  readonly name: string;
  /** Pixels of the image. */
  readonly bbox: Box;
}

/** Which of the four options: 0 is A, 3 is D. */
export type Choice = 0 | 1 | 2 | 3;

/** Predicates, in the order A to D. */
export type Options = readonly [string, string, string, string];

/** "Which relation holds between these two?", with four predicates to choose from. */
export interface Question {
  /** `image_id-number`, the number of the relation in its row. */
  readonly question_id: string;
  readonly image_id: string;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  readonly subject: Asked;
  readonly object: Asked;
  readonly options: Options;
  readonly answer: Choice;
}

/**
 * The four-way questions of one image: one for each relation, in their order.
 *
 * The three wrong options are drawn without replacement, all equally likely, from the predicates
 * that no relation of the image states between the same subject and object; the place of the right
 * one is drawn too. The draw hangs on seed and question alone, so a subset of the images has the
 * same questions. A relation stated twice is asked once.
 *
 * Shape:  at most `relationships.length` questions
 * Errors: RangeError when a relation names an object that is not there, or the list leaves fewer
 *         than three wrong predicates
 * Source: R1-SGG v1, section on VQA (Table 2): four ways, one right; how the others are drawn, the
 *         paper does not say
 */
export function questionsOf(
  target: Target,
  predicates: readonly string[],
  seed: number,
): readonly Question[] {
  const { image_id, width, height, relationships } = target;
  const boxes = new Map(target.objects.map(({ id, bbox }) => [id, bbox]));
  const asked = (id: string): Asked => {
    const bbox = boxes.get(id);
    if (bbox === undefined) throw new RangeError(`${image_id}: no object "${id}"`);
    return { name: category(id), bbox };
  };
  const holding = Map.groupBy(relationships, pairOf);
  const seen = new Set<string>();
  return relationships.flatMap((relation, index) => {
    const pair = pairOf(relation);
    const key = `${pair}\n${relation.predicate}`;
    if (seen.has(key)) return [];
    seen.add(key);
    const question_id = `${image_id}-${index}`;
    const random = randomStream(`vqa ${seed} ${question_id}`);
    const right = new Set(holding.get(pair)!.map(({ predicate }) => predicate));
    const wrong = draw(
      predicates.filter((one) => !right.has(one)),
      random,
    );
    const answer = random.pick([0, 1, 2, 3] as const);
    const options = wrong.toSpliced(answer, 0, relation.predicate) as unknown as Options;
    const ends = { subject: asked(relation.subject), object: asked(relation.object) };
    return [{ question_id, image_id, width, height, ...ends, options, answer }];
  });
}

const pairOf = ({ subject, object }: { readonly subject: string; readonly object: string }) =>
  `${subject}\n${object}`;

/** Three of the values, without replacement, in the order in which they were drawn. */
function draw(values: readonly string[], { pick }: Random): readonly string[] {
  if (new Set(values).size < 3)
    throw new RangeError(`${values.length} wrong predicates to draw from, expected at least 3`);
  const drawn = new Set<string>();
  while (drawn.size < 3) drawn.add(pick(values));
  return [...drawn];
}
