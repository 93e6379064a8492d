import { access } from "node:fs/promises";
import { basename, join } from "node:path";
import type { ClassNames } from "../../core/classes/class-names.ts";
import { type Protocol, strictProtocol } from "../../core/metrics/protocol.ts";
import { classCollector } from "../../core/metrics/scene.ts";
import { readClasses } from "../../data/class-list.ts";
import { readComparedRows } from "../../data/evaluation-rows.ts";
import { streamDataset } from "../../data/load.ts";
import { graphOf, type Prediction } from "../../data/predictions.ts";
import type { Row } from "../../data/row.ts";
import { SggError } from "../../errors.ts";
import { at } from "../../plan/roles/context.ts";
import { chooseImages, type ImageSummary } from "../../report/gallery/choose-images.ts";
import type { Gallery, GalleryImage } from "../../report/gallery/gallery.ts";
import { summaryOf } from "../../report/gallery/summary.ts";
import type { Comparison } from "../../report/study/compared.ts";

/** How many images of each data set a gallery has, drawn by which seed. */
export interface GalleryWishes {
  readonly images: number;
  readonly seed: number;
}

/** Longest side of a picture in a page, in pixels. */
const pictureSide = 480;

/**
 * Reads what runs answered, and chooses images to look at.
 *
 * The files are read twice, a row at a time: to choose, and for what was chosen. Kept are a few numbers an
 * image, and the chosen ones.
 *
 * Errors: none for what a run lacks or has broken; it is a note of the gallery
 */
export const readGalleries = (
  comparisons: readonly Comparison[],
  wishes: GalleryWishes,
): Promise<readonly Gallery[]> =>
  Promise.all(comparisons.map((comparison) => readGallery(comparison, wishes)));

async function readGallery(
  { title, runs, classes, notes: said }: Comparison,
  wishes: GalleryWishes,
): Promise<Gallery> {
  const places = await Promise.all(
    runs.map(async ({ name, run }) => {
      const path = join(run.folder, at.predictions);
      return { name, run, path, isThere: await exists(path) };
    }),
  );
  const asked = places.filter(({ isThere }) => isThere);
  const gone = places.filter(({ isThere }) => !isThere);
  const notes = [
    ...said,
    ...gone.map(({ run }) => `The answers of ${run.id} are not here any more.`),
  ];
  const models = asked.map(({ name }) => name);
  const none = {
    title,
    models,
    images: [],
    protocol: strictProtocol({ objects: [], predicates: [] }),
  };
  const [first] = asked;
  if (first === undefined) return { ...none, notes };
  try {
    const dataset = join(first.run.folder, at.rows);
    const list = await classesOf(classes, dataset, first.run.folder);
    const protocol = strictProtocol(list);
    const files = { dataset, predictions: asked.map(({ path }) => path) };
    const { images, note } = await chosenImages(files, protocol, wishes);
    return { title, models, images, protocol, notes: [note, ...notes] };
  } catch (cause) {
    if (!(cause instanceof SggError)) throw cause;
    const [line] = cause.message.split("\n");
    return { ...none, notes: [`No images can be shown: ${line}`, ...notes] };
  }
}

interface Files {
  readonly dataset: string;
  readonly predictions: readonly string[];
}

async function chosenImages(
  { dataset, predictions }: Files,
  protocol: Protocol,
  { images: most, seed }: GalleryWishes,
): Promise<{ readonly images: readonly GalleryImage[]; readonly note: string }> {
  const summaries: ImageSummary[] = [];
  for await (const { target, answers } of readComparedRows(dataset, predictions))
    summaries.push(summaryOf(target, answers.map(reading(target)), protocol));
  const { places, note } = chooseImages(summaries, most, seed);
  const wanted = new Set(places);
  const images: GalleryImage[] = [];
  let place = 0;
  for await (const { target, answers } of readComparedRows(dataset, predictions)) {
    if (wanted.has(place)) images.push(await toImage(target, answers));
    place += 1;
    if (images.length === wanted.size) break;
  }
  return { images, note };
}

const reading = (target: Row) => (answer: Prediction | undefined) =>
  answer && graphOf(answer, target);

async function toImage(
  row: Row,
  answers: readonly (Prediction | undefined)[],
): Promise<GalleryImage> {
  const { image_path: path, ...target } = row;
  return {
    target,
    ...(await pictureOf(path)),
    answers: answers.map((answer) => ({
      prediction: reading(row)(answer),
      response: answer?.response,
    })),
  };
}

/** The picture of an image, or why there is none: boxes can be looked at without. */
async function pictureOf(
  path: string | undefined,
): Promise<Pick<GalleryImage, "picture" | "note">> {
  if (path === undefined) return { picture: null, note: "no picture: its row names none" };
  try {
    const { thumbnail } = await import("../../data/image.ts");
    return { picture: await thumbnail(path, pictureSide), note: null };
  } catch (cause) {
    if (!(cause instanceof SggError)) throw cause;
    const file = basename(path.replace(/#\d+$/, ""));
    return { picture: null, note: `no picture: ${file} cannot be read here` };
  }
}

/** The classes of an evaluation: a list with a name, the run's copy of a file, or the rows' own. */
async function classesOf(
  classes: string | null,
  dataset: string,
  folder: string,
): Promise<ClassNames> {
  if (classes !== null) {
    const copy = join(folder, at.classes);
    return readClasses((await exists(copy)) ? copy : classes);
  }
  const names = classCollector();
  for await (const row of streamDataset(dataset)) names.add(row);
  return names.classes();
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
