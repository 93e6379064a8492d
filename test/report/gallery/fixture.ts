import { strictProtocol } from "../../../src/core/metrics/protocol.ts";
import { datasetClasses } from "../../../src/core/metrics/scene.ts";
import type { Gallery, GalleryImage } from "../../../src/report/gallery/gallery.ts";
import { hostile, image } from "../report-fixture.ts";

/** The hostile image of reports, as a gallery has it: a good answer, a hostile one, a failure, and none. */
export const hostileImage: GalleryImage = {
  target: image.target,
  picture: image.thumbnail,
  note: null,
  answers: image.answers,
};

const { objects } = image.target;
const wears = { subject: "cat.1", predicate: "wears", object: "hat.2" };
const near = { subject: "dog.3", predicate: "near", object: "cat.1" };

/** Answers by what they find: everything, one of two relations, nothing, or no graph at all. */
const answers = {
  all: { ok: true, graph: { objects, relationships: [wears, near] } },
  half: { ok: true, graph: { objects, relationships: [wears] } },
  nothing: { ok: true, graph: { objects: [], relationships: [] } },
  broken: { ok: false, reason: "the answer is not JSON" },
} as const;

/** An image with two relations, `wears` and another, and an answer of each model. */
export const plainImage = (
  id: string,
  said: readonly (keyof typeof answers)[],
  other = "near",
): GalleryImage => ({
  target: {
    ...image.target,
    image_id: id,
    relationships: [wears, { ...near, predicate: other }],
  },
  picture: image.thumbnail,
  note: null,
  answers: said.map((one) => ({ prediction: answers[one], response: one })),
});

/** Two models and five images: recall of A and B is 100 and 50, 50 and 100, 0 and 0, failed and 50, 50 and 0. */
export const images: readonly GalleryImage[] = [
  plainImage("one", ["all", "half"]),
  plainImage("two", ["half", "all"]),
  plainImage("three", ["nothing", "nothing"], "under"),
  plainImage("four", ["broken", "half"]),
  plainImage("five", ["half", "nothing"], "under"),
];

/** A gallery of those images, or of what is said. */
export const gallery = (over: Partial<Gallery> = {}): Gallery => ({
  title: "drawn scenes",
  models: ["A", "B"],
  images,
  protocol: strictProtocol(datasetClasses(images.map(({ target }) => target))),
  notes: ["All 5 images are here."],
  ...over,
});

/** A gallery whose every text is hostile. */
export const hostileGallery: Gallery = {
  title: hostile,
  models: [hostile, "SFT", "SFT+RL", "other"],
  images: [{ ...hostileImage, note: hostile }],
  protocol: strictProtocol(datasetClasses([image.target])),
  notes: [hostile],
};
