import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { toSvg } from "../../../src/data/scenes/draw.ts";
import { hatched } from "../../../src/data/scenes/hatch.ts";
import { predicateOf } from "../../../src/data/scenes/predicates.ts";
import { drawScene } from "../../../src/data/scenes/scene.ts";
import type { SceneStyle } from "../../../src/data/scenes/style.ts";
import { thingNames } from "../../../src/data/scenes/things.ts";

const style: SceneStyle = { size: 140, grid: 5, scale: 1.25, light: 0.45, clutter: 0.5 };
const scenes = Array.from({ length: 600 }, (_, index) => drawScene(7, index, style));
const isPebble = ({ id }: { readonly id: string }) => id.startsWith("pebble.");
const pebblesOf = (scene: (typeof scenes)[number]) => scene.graph.objects.filter(isPebble).length;

describe("the style of drawn scenes", () => {
  it("is the usual one where nothing is asked for", () => {
    expect(drawScene(7, 3, {})).toEqual(drawScene(7, 3));
  });

  it("makes squares whose boxes lie on the grid, inside the image", () => {
    for (const { width, height, graph } of scenes) {
      expect([width, height]).toEqual([140, 140]);
      for (const { bbox } of graph.objects) {
        const [x1, y1, x2, y2] = bbox;
        expect(bbox.every((side) => side % 5 === 0)).toBe(true);
        expect(x1 >= 0 && y1 >= 0 && x1 < x2 && y1 < y2 && x2 <= 140 && y2 <= 140).toBe(true);
      }
    }
  });

  it("says only what the boxes say", () => {
    for (const { graph } of scenes) {
      const boxes = new Map(graph.objects.map(({ id, bbox }) => [id, bbox]));
      for (const { subject, predicate, object } of graph.relationships)
        expect(predicateOf(boxes.get(subject)!, boxes.get(object)!, 140)).toBe(predicate);
    }
  });

  it("paints each kind in one colour where they are plain", () => {
    const colours = (plain: boolean) => {
      const drawn = Array.from({ length: 200 }, (_, index) => drawScene(7, index, { plain }));
      const painted = drawn.flatMap(({ objects }) => objects);
      return new Set(painted.map(({ name, colour }) => `${name} ${colour}`)).size;
    };
    expect(colours(true)).toBe(thingNames.length);
    expect(colours(false)).toBeGreaterThan(2 * thingNames.length);
  });

  it("makes objects larger", () => {
    const meanSide = (scale: number) => {
      const drawn = Array.from({ length: 200 }, (_, i) => drawScene(7, i, { size: 140, scale }));
      const sides = drawn.flatMap(({ graph }) =>
        graph.objects.map(({ bbox }) => bbox[3] - bbox[1]),
      );
      return sides.reduce((sum, side) => sum + side, 0) / sides.length;
    };
    expect(meanSide(1.25) / meanSide(1)).toBeGreaterThan(1.15);
  });

  it("litters its share of the scenes with pebbles, last and without relations", () => {
    const littered = scenes.filter((scene) => pebblesOf(scene) > 0);
    expect(littered.length / scenes.length).toBeCloseTo(0.5, 1);
    for (const { graph } of littered) {
      const first = graph.objects.findIndex(isPebble);
      expect(graph.objects.slice(first).every(isPebble)).toBe(true);
      expect(graph.objects.map(({ id }) => Number(id.split(".")[1]))).toEqual(
        graph.objects.map((_, at) => at + 1),
      );
      for (const { subject, object } of graph.relationships)
        expect([subject, object].some((id) => isPebble({ id }))).toBe(false);
    }
  });

  it("litters with a heavy tail: the longer a list, the likelier that it goes on", () => {
    const drawn = Array.from({ length: 6000 }, (_, index) =>
      pebblesOf(drawScene(9, index, { size: 140, clutter: 1 })),
    );
    const asMany = (count: number) => drawn.filter((one) => one >= count).length / drawn.length;
    for (const count of [3, 5, 9, 14, 25, 40])
      expect(asMany(count)).toBeCloseTo((5 / (count + 3)) ** 1.5, 1.5);
    const another = (count: number) => asMany(count + 1) / asMany(count);
    expect(another(20)).toBeGreaterThan(another(3) + 0.1);
    expect(drawn.reduce((sum, one) => sum + one, 0) / drawn.length).toBeCloseTo(8, 0);
    expect(Math.max(...drawn)).toBe(40);
    expect(Math.min(...drawn)).toBe(2);
  });

  it("shows more pebbles than are listed where asked, and lists as many as else", () => {
    const drawn = (more: SceneStyle) =>
      Array.from({ length: 400 }, (_, i) => drawScene(9, i, { ...style, ...more }));
    const shown = ({ objects }: (typeof scenes)[number]) =>
      objects.filter(({ name }) => name === "pebble").length;
    const usual = drawn({});
    for (const [at, scene] of drawn({ clutter_shown: 24 }).entries()) {
      expect(scene.graph).toEqual(usual[at]!.graph);
      const listed = pebblesOf(scene);
      expect(shown(scene)).toBe(listed === 0 ? 0 : Math.max(24, listed));
    }
  });

  it("shows one thing alone in its share of the scenes, without pebbles or relations", () => {
    const drawn = Array.from({ length: 600 }, (_, i) => drawScene(7, i, { ...style, alone: 0.5 }));
    const alone = drawn.filter(({ graph }) => graph.objects.length === 1);
    expect(alone.length / drawn.length).toBeCloseTo(0.5, 1);
    for (const { objects, graph } of alone) {
      expect(graph.objects).toEqual([{ id: `${objects[0]!.name}.1`, bbox: objects[0]!.box }]);
      expect([objects.length, graph.relationships]).toEqual([1, []]);
    }
    expect(drawn.filter((scene) => !alone.includes(scene))).toEqual(
      scenes.filter((_, at) => !alone.includes(drawn[at]!)),
    );
  });

  it("hatches more strongly to the right and downwards, and keeps mean colours", () => {
    const [width, height] = [40, 20];
    const grey = hatched(new Uint8Array(width * height * 3).fill(125), [width, height], 50);
    const at = (x: number, y: number) => grey[(y * width + x) * 3]!;
    const across = (x: number) => at(x + 1, 0) - at(x, 0);
    const down = (y: number) => at(0, y + 1) - at(0, y);
    for (const contrast of [across, down]) expect(contrast(2)).toBeGreaterThan(contrast(0));
    expect(across(38)).toBeGreaterThan(90);
    expect(down(18)).toBeGreaterThan(90);
    expect(grey.reduce((sum, one) => sum + one, 0) / grey.length).toBeCloseTo(126, -0.5);
  });

  it("lights the left red and the top blue, so that a colour tells where it is", async () => {
    const pixels = await sharp(Buffer.from(toSvg({ ...scenes[0]!, objects: [] })))
      .raw()
      .toBuffer();
    const channels = pixels.length / 140 / 140;
    const at = (x: number, y: number) => pixels.subarray((140 * y + x) * channels).subarray(0, 3);
    const redness = (x: number, y: number) => at(x, y)[0]! - at(x, y)[1]!;
    const blueness = (x: number, y: number) => at(x, y)[2]! - at(x, y)[1]!;
    expect(redness(2, 70)).toBeGreaterThan(redness(70, 70) + 20);
    expect(redness(70, 70)).toBeGreaterThan(redness(137, 70) + 20);
    expect(blueness(70, 2)).toBeGreaterThan(blueness(70, 40) + 20);
  });
});
