import { uniform } from "../random.ts";
import { type Figures, figuresOf, type Prepared } from "./figures.ts";
import type { AtCutoffs, Cutoff } from "./recall.ts";

/** How many samples are drawn, and from which seed. */
export interface BootstrapOptions {
  readonly samples: number;
  readonly seed: number;
}

/** Ends of an interval, the lower one first. */
export type Interval = readonly [low: number, high: number];

type IntervalOf<T> = T extends number
  ? Interval
  : T extends AtCutoffs
    ? { readonly [cutoff in keyof T]: Interval | null }
    : T;

/** For each of the figures its interval, null where no sample has the figure. */
export type Intervals = { readonly [name in keyof Figures]: IntervalOf<Figures[name]> };

/** Intervals, and what they were drawn from. */
export type Confidence = Intervals & BootstrapOptions & { readonly level: 95 };

/**
 * How far the figures would go with other images of the same kind: a bootstrap over images.
 *
 * Draws as many images as there are, with replacement, again and again, and takes the middle 95 %
 * of each figure (percentiles, linear between two samples). AP and mR of a sample are biased, since
 * it repeats some images and lacks others; so the percentiles are moved until their median is the
 * figure. It says nothing about another seed of the training.
 *
 * Range:  [0, 100], percent; the same seed gives the same intervals
 * Errors: none
 * Source: Efron and Tibshirani, 1993, percentile interval
 */
export function bootstrap(prepared: Prepared, options: BootstrapOptions): Confidence {
  const samples = resamples(prepared.tally.imageIds.length, options);
  const drawn = Array.from(samples, (weights) => figuresOf(prepared, weights));
  return { level: 95, ...options, ...intervalsOf(figuresOf(prepared), drawn, [0, 100]) };
}

/**
 * The samples themselves: how often each image is drawn. One array is filled again and again.
 *
 * Errors: none.
 */
export function* resamples(
  images: number,
  { samples, seed }: BootstrapOptions,
): Generator<Uint32Array> {
  const random = uniform(seed);
  const weights = new Uint32Array(images);
  for (let sample = 0; sample < samples; sample += 1) {
    weights.fill(0);
    for (let i = 0; i < images; i += 1) weights[Math.floor(random() * images)]! += 1;
    yield weights;
  }
}

/**
 * The middle 95 % of each figure over many samples, moved so that the median is the figure.
 *
 * Shape:  `within` is what the figure can be at all
 * Errors: none
 */
export function intervalsOf(
  figures: Figures,
  drawn: readonly Figures[],
  within: Interval,
): Intervals {
  const of = (figure: (one: Figures) => number | null) =>
    interval(figure(figures), drawn.map(figure), within);
  const ofEach = (figure: (one: Figures) => AtCutoffs | null) => {
    const at = (cutoff: Cutoff) => of((one) => figure(one)?.[cutoff] ?? null);
    return { "20": at("20"), "50": at("50"), "100": at("100") };
  };
  return {
    failure_rate: of((one) => one.failure_rate),
    ap50: of((one) => one.ap50),
    recall: ofEach((one) => one.recall),
    mean_recall: ofEach((one) => one.mean_recall),
    zero_shot_recall: figures.zero_shot_recall ? ofEach((one) => one.zero_shot_recall) : null,
    micro_recall: of((one) => one.micro_recall),
    per_image_recall: of((one) => one.per_image_recall),
  };
}

function interval(
  figure: number | null,
  values: readonly (number | null)[],
  [least, most]: Interval,
): Interval | null {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
  if (figure === null || sorted.length === 0) return null;
  const at = (share: number) => {
    const place = share * (sorted.length - 1);
    const below = sorted[Math.floor(place)]!;
    return below + (place % 1) * (sorted[Math.ceil(place)]! - below);
  };
  const move = figure - at(0.5);
  return [Math.max(least, at(0.025) + move), Math.min(most, at(0.975) + move)];
}
