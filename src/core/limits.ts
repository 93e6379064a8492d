/**
 * Bounds on one completion, so that a poisonous one costs itself and no other.
 *
 * Unit: `characters` are UTF-16 units of the completion; the others count items of its lists.
 */
export interface Limits {
  readonly characters: number;
  readonly objects: number;
  readonly relationships: number;
}

/** Far above what a model writes in 2,048 tokens. */
export const defaultLimits: Limits = {
  characters: 262_144,
  objects: 2_000,
  relationships: 5_000,
};

/**
 * Says that the time for one completion is up; asked now and then in the middle of the work.
 *
 * It stands for a clock, which the core does not have.
 */
export type IsOver = () => boolean;

/** A completion is over one of its limits. Thrown where the work stops; the scorer catches it. */
export class OverLimit extends Error {
  override readonly name = "OverLimit";
}

/** Errors: OverLimit when the time is up. */
export function checkTime(isOver: IsOver): void {
  if (isOver()) throw new OverLimit("its time is up");
}
