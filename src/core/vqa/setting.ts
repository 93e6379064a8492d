/** What is taken away from a question, and from its image. */
export interface Setting {
  readonly name: string;
  /** The row of the paper's table. */
  readonly row: string;
  /** The whole image as noise, or the two objects black. */
  readonly mask: "none" | "image" | "objects";
  /** Whether the text names the two objects. */
  readonly categories: boolean;
  /** Whether the text says where they are. */
  readonly boxes: boolean;
}

const whole = { categories: true, boxes: true };
const unnamed = { categories: false, boxes: true };
const unplaced = { categories: true, boxes: false };

/**
 * The nine settings of the table, in its order: three texts, each with three images.
 *
 * Source: R1-SGG v1, Table 2
 */
export const settings: readonly Setting[] = [
  { name: "original", row: "org. img.", mask: "none", ...whole },
  { name: "mask-image", row: "mask img.", mask: "image", ...whole },
  { name: "mask-objects", row: "mask obj.", mask: "objects", ...whole },
  { name: "no-categories", row: "wo cats.", mask: "none", ...unnamed },
  { name: "no-categories+mask-image", row: "wo cats. + mask img.", mask: "image", ...unnamed },
  { name: "no-categories+mask-objects", row: "wo cats. + mask obj.", mask: "objects", ...unnamed },
  { name: "no-boxes", row: "wo box.", mask: "none", ...unplaced },
  { name: "no-boxes+mask-image", row: "wo box. + mask img.", mask: "image", ...unplaced },
  { name: "no-boxes+mask-objects", row: "wo box. + mask obj.", mask: "objects", ...unplaced },
];
