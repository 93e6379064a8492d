import type { ClassNames } from "../../core/classes/class-names.ts";
import type { ImageSize } from "./jpeg-head.ts";

interface Stated {
  readonly width: number;
  readonly height: number;
}

/**
 * What measuring the images brought to light, in sentences; `stated[i]` belongs to `sizes[i]`.
 *
 * For a data set whose boxes fit an image of any size.
 */
export function sizeNotes(
  stated: readonly Stated[],
  sizes: readonly ImageSize[],
): readonly string[] {
  const other = differing(stated, sizes).length;
  const say = "not of the size that the annotations state: the image's own is used";
  return [...(other > 0 ? [`${images(other)} ${say}`] : []), ...turnedNotes(sizes)];
}

/** A sentence on images that show otherwise than they are stored. */
export function turnedNotes(sizes: readonly ImageSize[]): readonly string[] {
  const turned = sizes.filter((size) => size.turned).length;
  const say = "turned by EXIF: `r1sgg data check` refuses them, for boxes fit one way only";
  return turned > 0 ? [`${images(turned)} ${say}`] : [];
}

/** Places of the images whose size is not as stated. */
export const differing = (
  stated: readonly Stated[],
  sizes: readonly ImageSize[],
): readonly number[] =>
  [...sizes.entries()]
    .filter(([at, { width, height }]) => {
      const expected = stated[at]!;
      return width !== expected.width || height !== expected.height;
    })
    .map(([at]) => at);

const images = (count: number): string => (count === 1 ? "1 image is" : `${count} images are`);

/** A sentence where the names of the files are not those of the data set. */
export function nameNotes(
  dataset: string,
  found: ClassNames,
  wanted: ClassNames,
): readonly string[] {
  const kinds = ["objects", "predicates"] as const;
  return kinds
    .filter((kind) => found[kind].join("\n") !== wanted[kind].join("\n"))
    .map((kind) => {
      const strange = found[kind].filter((name) => !wanted[kind].includes(name));
      const some = strange.length > 0 ? ` (${strange.slice(0, 5).join(", ")})` : "";
      return `The ${found[kind].length} ${kind} are not the ${wanted[kind].length} of ${dataset}${some}`;
    });
}
