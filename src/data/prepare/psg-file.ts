import { z } from "zod";
import type { ClassNames } from "../../core/classes/class-names.ts";
import { readAroundList } from "./json-list.ts";
import type { IndexedRelation } from "./relations.ts";
import { cannotUse } from "./source-file.ts";

/** One image of PSG with its graph. */
export interface PsgImage {
  readonly image_id: string;
  /** Below the folder of COCO, for example `train2017/000000417720.jpg`. */
  readonly file: string;
  readonly width: number;
  readonly height: number;
  /** Number of the name of each object. */
  readonly categories: readonly number[];
  /**
   * Boxes around the segments in pixels, four numbers an object, end to end: a list for each of
   * half a million objects would take 80 MB more.
   */
  readonly boxes: readonly number[];
  readonly relations: readonly IndexedRelation[];
}

/** What psg.json holds; `names.objects` are things, then stuff. */
export interface PsgFile {
  readonly names: ClassNames;
  readonly test: ReadonlySet<string>;
  readonly images: readonly PsgImage[];
}

const id = z.union([z.string().min(1), z.int()]).transform(String);
const index = z.int().nonnegative();
const finite = z.number();
const names = z.array(z.string().min(1));
const head = z.object({
  data: z.array(z.unknown()),
  thing_classes: names,
  stuff_classes: names,
  predicate_classes: names,
  test_image_ids: z.array(id),
});
const item = z.object({
  image_id: id,
  file_name: z.string().min(1),
  width: z.int().positive(),
  height: z.int().positive(),
  segments_info: z.array(z.object({ category_id: index })),
  annotations: z.array(
    z.object({
      bbox: z.tuple([finite, finite, finite, finite]),
      bbox_mode: z.literal(0).optional(),
      category_id: index,
    }),
  ),
  relations: z.array(z.tuple([index, index, index])),
});

/**
 * Reads and checks psg.json of OpenPSG.
 *
 * `annotations[i]` is the box (`[x1, y1, x2, y2]`) around `segments_info[i]`; a relation is the
 * places of subject and object in them and the number of a predicate.
 *
 * Errors: SggError DATA when the file cannot be read or is broken, with the first place that is not
 * as it should be; when an id comes twice, or a test id belongs to no image.
 */
export async function readPsgFile(path: string): Promise<PsgFile> {
  const images: PsgImage[] = [];
  const seen = new Map<string, number>();
  const rest = await readAroundList(path, "data", "psg.json", (entry, place) => {
    const image = toImage(path, `data.${place}`, entry);
    const first = seen.get(image.image_id);
    if (first !== undefined) {
      const found = `image_id "${image.image_id}" twice (data.${first} and data.${place})`;
      throw cannotUse(path, found, "an id of its own");
    }
    seen.set(image.image_id, place);
    images.push(image);
  });
  const { thing_classes, stuff_classes, predicate_classes, test_image_ids } = parsed(
    path,
    "",
    head,
    rest,
  );
  if (images.length === 0) throw cannotUse(path, "no images in data", "some");
  const stray = test_image_ids.find((test) => !seen.has(test));
  if (stray !== undefined)
    throw cannotUse(path, `"${stray}" in test_image_ids`, "ids of images in data");
  const names = { objects: [...thing_classes, ...stuff_classes], predicates: predicate_classes };
  refuseNameless(path, images, names);
  return { names, test: new Set(test_image_ids), images };
}

function toImage(path: string, at: string, entry: unknown): PsgImage {
  const image = parsed(path, at, item, entry);
  const { annotations, segments_info: segments } = image;
  const wrong = (found: string, expected: string) => cannotUse(path, `${found} at ${at}`, expected);
  if (annotations.length !== segments.length)
    throw wrong(`${annotations.length} annotations`, `${segments.length} as of segments_info`);
  const categories = annotations.map(({ category_id: category }, index) => {
    if (category === segments[index]!.category_id) return category;
    throw wrong(`category_id ${category} of annotation ${index}`, "that of its segment");
  });
  const boxes = annotations.flatMap(({ bbox }) => bbox);
  const relations = image.relations.map(([subject, object, predicate]) => {
    if (Math.max(subject, object) < categories.length) return { subject, predicate, object };
    throw wrong(`a relation of ${subject} and ${object}`, `numbers below ${categories.length}`);
  });
  const { image_id, file_name: file, width, height } = image;
  return { image_id, file, width, height, categories, boxes, relations };
}

/** Refuses numbers that have no name; the names come after the images in the file. */
function refuseNameless(path: string, images: readonly PsgImage[], names: ClassNames): void {
  const limits = { objects: names.objects.length, predicates: names.predicates.length };
  for (const [place, { categories, relations }] of images.entries()) {
    const category = categories.find((number) => number >= limits.objects);
    const relation = relations.find(({ predicate }) => predicate >= limits.predicates);
    const refuse = (found: string, limit: number) =>
      cannotUse(path, `${found} at data.${place}`, `a number below ${limit}`);
    if (category !== undefined) throw refuse(`category_id ${category}`, limits.objects);
    if (relation) throw refuse(`the predicate ${relation.predicate}`, limits.predicates);
  }
}

function parsed<T extends z.ZodType>(path: string, at: string, schema: T, value: unknown) {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  const field = [at, ...issue.path].filter((part) => part !== "").join(".") || "the file";
  throw cannotUse(path, `${field} is wrong (${issue.message})`, "the layout of psg.json");
}
