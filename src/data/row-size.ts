import type { Fault } from "./fault.ts";
import type { Found } from "./found-rows.ts";
import type { RawRow } from "./row.ts";

/** Size of an image in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A row's size, where it is known, and what is wrong with it or its image. */
interface RowSize {
  readonly size: Size | undefined;
  readonly faults: readonly Pick<Fault, "field" | "found" | "expected">[];
}

/** The size of a row's image: with `images`, or where it is not stated, that of the image itself. */
export async function rowSize(
  row: RawRow,
  { imagePath, image }: Found,
  images: boolean,
): Promise<RowSize> {
  const { width, height } = row;
  const stated = width !== undefined && height !== undefined ? { width, height } : undefined;
  if (stated && !images) return { size: stated, faults: [] };
  const field = image || (row.image_path === undefined && row.image) ? "image" : "image_path";
  const wrong = (found: string, expected: string) => ({
    size: stated,
    faults: [{ field, found, expected }],
  });
  if (imagePath === undefined)
    return wrong("nothing", images ? "the path of an image" : "it, or width and height");
  const { inspectBytes, inspectImage } = await import("./images/inspect.ts"); // its decoder takes a while to load
  const seen = await (image ? inspectBytes(image.bytes) : inspectImage(imagePath));
  if (!seen.ok) {
    const at = image ? "" : ` at ${imagePath}`;
    return wrong(`${seen.reason}${at}`, "a readable, upright image");
  }
  const size = { width: seen.width, height: seen.height };
  const different = (["width", "height"] as const).filter(
    (side) => (row[side] ?? size[side]) !== size[side],
  );
  const faults = different.map((side) => ({
    field: side,
    found: String(row[side]),
    expected: `${size[side]} (the image is ${size.width} x ${size.height})`,
  }));
  return { size, faults };
}
