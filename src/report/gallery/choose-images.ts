import { randomStream } from "../../core/random-stream.ts";

/** What decides whether an image is worth a look. */
export interface ImageSummary {
  /** Of each model, in percent; null for an image whose truth has no relation. */
  readonly recalls: readonly (number | null)[];
  /** Of each model: whether its answer is missing or no graph. */
  readonly failed: readonly boolean[];
  /** Those of the truth, each once. */
  readonly predicates: readonly string[];
}

/** Which images were taken, by their places in the order of the data, and how, in a sentence. */
export interface ChosenImages {
  readonly places: readonly number[];
  readonly note: string;
}

/**
 * Chooses images of which each filter of a gallery has some to show: in turn one that failed, the best and
 * the worst by mean recall, the one on which the models differ most, one of each predicate from the rarest
 * on, one at random.
 *
 * The same for the same seed; what is equally good is taken in a drawn order.
 */
export function chooseImages(
  images: readonly ImageSummary[],
  most: number,
  seed: number,
): ChosenImages {
  const order = shuffled(images.length, seed);
  const mean = (place: number): number | null => meanOf(images[place]!.recalls);
  const ranked = order.filter((place) => mean(place) !== null);
  const up = (value: (place: number) => number) =>
    ranked.toSorted((a, b) => value(a) - value(b) || 0);
  const failures = order.filter((place) => images[place]!.failed.includes(true));
  const whole = (place: number): boolean => !images[place]!.failed.includes(true);
  const differing = ranked.filter((place) => spread(images[place]!.recalls) > 0);
  const rare = oneOfEach(images, order);
  const kinds = [
    failures,
    up((place) => -mean(place)!),
    up((place) => mean(place)!).filter(whole),
    differing.toSorted((a, b) => spread(images[b]!.recalls) - spread(images[a]!.recalls)),
    rare,
    order,
  ];
  const places = inTurn(kinds, most).toSorted((a, b) => a - b);
  if (places.length === images.length)
    return { places, note: `All ${counted(images.length)} are here.` };
  const ofModels = differing.length > 0 ? " those on which the models differ most," : "";
  return {
    places,
    note: `${places.length} of ${counted(images.length)} are here, taken in turn from those that a model failed to answer (${failures.length} there are), the best and the worst by mean recall,${ofModels} one for each of the ${rare.length > 0 ? `${predicatesOf(images).length} predicates` : "predicates"} from the rarest on, and at random (seed ${seed}); filters look at these alone.`,
  };
}

const counted = (images: number): string =>
  images === 1 ? "1 image" : `${images.toLocaleString("en-US")} images`;

/** Mean of the values that there are; null where there is none. */
export function meanOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, one) => sum + one, 0) / known.length;
}

const spread = (recalls: readonly (number | null)[]): number => {
  const known = recalls.filter((recall) => recall !== null);
  return known.length === 0 ? 0 : Math.max(...known) - Math.min(...known);
};

function shuffled(count: number, seed: number): readonly number[] {
  const random = randomStream(`gallery ${seed}`);
  const order = Array.from({ length: count }, (_, at) => at);
  for (let at = count - 1; at > 0; at -= 1) {
    const other = Math.floor(random.between(0, at + 1));
    [order[at], order[other]] = [order[other]!, order[at]!];
  }
  return order;
}

/** The predicates of all images with how many have each, the rarest first. */
function predicatesOf(images: readonly ImageSummary[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { predicates } of images)
    for (const one of predicates) counts.set(one, (counts.get(one) ?? 0) + 1);
  return [...counts]
    .toSorted(([a, m], [b, n]) => m - n || (a < b ? -1 : 1))
    .map(([predicate]) => predicate);
}

/** For each predicate, the rarest first, the first image in the order that has it. */
function oneOfEach(images: readonly ImageSummary[], order: readonly number[]): readonly number[] {
  const first = new Map<string, number>();
  for (const place of order)
    for (const predicate of images[place]!.predicates)
      if (!first.has(predicate)) first.set(predicate, place);
  return predicatesOf(images).map((predicate) => first.get(predicate)!);
}

/** Takes one of each list in turn, none twice, until there are enough. */
function inTurn(lists: readonly (readonly number[])[], most: number): readonly number[] {
  const taken = new Set<number>();
  const left = lists.map((list) => list.values());
  for (let ended = 0; ended < left.length && taken.size < most; ) {
    ended = 0;
    for (const list of left) {
      let next = list.next();
      while (!next.done && taken.has(next.value)) next = list.next();
      if (next.done) ended += 1;
      else if (taken.size < most) taken.add(next.value);
    }
  }
  return [...taken];
}
