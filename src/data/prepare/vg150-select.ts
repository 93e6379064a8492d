import type { Box } from "../../core/graph/scene-graph.ts";
import type { Count } from "./prepared.ts";
import { type Duplicates, type IndexedRelation, withoutDuplicates } from "./relations.ts";
import type { Vg150Annotations } from "./vg150-annotations.ts";
import { corruptImages, type Vg150Image } from "./vg150-images.ts";

/** A part of VG150: training without validation, the first training images, or test. */
export type Vg150Split = "train" | "val" | "test";

/** Which filters hold; the defaults are those of public training code. */
export interface Vg150Filters {
  /** Drop the four images that cannot be opened. */
  readonly corrupt: boolean;
  /** Drop images without a relation. */
  readonly relations: boolean;
  /** In training, drop relations whose boxes do not touch. */
  readonly overlap: boolean;
  readonly duplicates: Duplicates;
  /** How many of the first training images are for validation. */
  readonly validation: number;
  readonly seed: number;
}

/** The images of a split, by their places in the annotations. */
export interface Selection {
  readonly images: readonly number[];
  readonly counts: readonly Count[];
  readonly relations: (image: number) => readonly IndexedRelation[];
}

/** One filter: which images it leaves of those before it, and what it does to their relations. */
interface Step {
  readonly kept: string;
  readonly images: (before: readonly number[]) => readonly number[];
  readonly relations?: Relations;
}

/** The relations of an image, or only how many, which is wanted for 100,000 images at a time. */
interface Relations {
  readonly of: (image: number) => readonly IndexedRelation[];
  readonly count: (image: number) => number;
}

/**
 * Applies the filters of a split one by one, and counts what each leaves.
 *
 * The order matters and is that of public code: images without a relation go before the validation
 * images are cut off; boxes that do not touch count after it, and in training alone.
 *
 * Source: `load_graphs` of neural-motifs, of Scene-Graph-Benchmark, and of OvSGTR, whose authors
 * are those of R1-SGG.
 */
export function selectVg150(
  annotations: Vg150Annotations,
  list: readonly Vg150Image[],
  split: Vg150Split,
  filters: Vg150Filters,
): Selection {
  const counts: Count[] = [];
  let images: readonly number[] = Array.from(list.keys());
  let relations = asAnnotated(annotations);
  for (const step of stepsOf(annotations, list, split, filters)) {
    images = step.images(images);
    relations = step.relations ?? relations;
    const sum = images.reduce((total, image) => total + relations.count(image), 0);
    counts.push({ kept: step.kept, images: images.length, relations: sum });
  }
  return { images, counts, relations: relations.of };
}

function stepsOf(
  annotations: Vg150Annotations,
  list: readonly Vg150Image[],
  split: Vg150Split,
  filters: Vg150Filters,
): readonly Step[] {
  const { objectCount, relationCount } = annotations;
  const flag = split === "test" ? 2 : 0;
  const steps: Step[] = [
    only(`in split ${flag} of the file`, (image) => annotations.split[image] === flag),
    only("with an object", (image) => objectCount(image) > 0),
  ];
  if (filters.corrupt)
    steps.push(only("not corrupt", (image) => !corruptImages.has(list[image]!.id)));
  if (filters.relations) steps.push(only("with a relation", (image) => relationCount(image) > 0));
  if (split !== "test") steps.push(cut(split, filters.validation));
  let relations = asAnnotated(annotations);
  if (split === "train" && filters.overlap) {
    const touch = touchingPairs(annotations);
    const left = (image: number): boolean => !filters.relations || touch.count(image) > 0;
    steps.push({ ...only("with boxes that touch", left), relations: touch });
    relations = touch;
  }
  if (filters.duplicates !== "keep") {
    const seed = (image: number): string => `${filters.seed}/${list[image]!.id}`;
    const { of } = relations;
    const once = (image: number) => withoutDuplicates(of(image), filters.duplicates, seed(image));
    const fewer = { of: once, count: (image: number) => once(image).length };
    steps.push({ ...only(keptOf[filters.duplicates], () => true), relations: fewer });
  }
  return steps;
}

const keptOf = { pairs: "one relation a pair", triplets: "each statement once" } as const;

const only = (kept: string, wanted: (image: number) => boolean): Step => ({
  kept,
  images: (before) => before.filter(wanted),
});

/** Public code takes the first images of the training split for validation, in the file's order. */
const cut = (split: "train" | "val", first: number): Step =>
  split === "val"
    ? { kept: `the first ${first}`, images: (before) => before.slice(0, first) }
    : { kept: `after the first ${first}`, images: (before) => before.slice(first) };

const asAnnotated = ({ relations, relationCount }: Vg150Annotations): Relations => ({
  of: relations,
  count: relationCount,
});

function touchingPairs({ relations, box }: Vg150Annotations): Relations {
  const of = (image: number) =>
    relations(image).filter(({ subject, object }) =>
      touching(box(image, subject), box(image, object)),
    );
  return { of, count: (image) => of(image).length };
}

/**
 * Whether two boxes of whole numbers share a cell, both corners counted in.
 *
 * So boxes with a common edge touch. Source: the public loaders ask for an intersection over union
 * above 0, whose widths are `x2 - x1 + 1`.
 */
export const touching = (a: Box, b: Box): boolean =>
  Math.min(a[2], b[2]) >= Math.max(a[0], b[0]) && Math.min(a[3], b[3]) >= Math.max(a[1], b[1]);
