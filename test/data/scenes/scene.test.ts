import sharp from "sharp";
import { describe, expect, it } from "vitest";
import type { Box } from "../../../src/core/graph/scene-graph.ts";
import { backdrops, toSvg } from "../../../src/data/scenes/draw.ts";
import { drawings } from "../../../src/data/scenes/drawings.ts";
import { predicateOf } from "../../../src/data/scenes/predicates.ts";
import { drawScene } from "../../../src/data/scenes/scene.ts";
import { thing, thingNames } from "../../../src/data/scenes/things.ts";

const scenes = Array.from({ length: 400 }, (_, index) => drawScene(11, index));
const numberOf = (id: string): number => Number(id.split(".")[1]);

describe("drawScene", () => {
  it("gives 2 to 4 objects and a relation for each after the first", () => {
    for (const { graph } of scenes) {
      expect([2, 3, 4]).toContain(graph.objects.length);
      expect(graph.relationships).toHaveLength(graph.objects.length - 1);
    }
    expect(new Set(scenes.map(({ graph }) => graph.objects.length)).size).toBe(3);
  });

  it("says only what the boxes say", () => {
    for (const { graph, width, height } of scenes) {
      const boxes = new Map(graph.objects.map(({ id, bbox }) => [id, bbox]));
      for (const { subject, predicate, object } of graph.relationships)
        expect(predicateOf(boxes.get(subject)!, boxes.get(object)!, Math.min(width, height))).toBe(
          predicate,
        );
    }
  });

  it("keeps whole-pixel boxes inside the image", () => {
    for (const { graph, width, height } of scenes)
      for (const { bbox } of graph.objects) {
        const [x1, y1, x2, y2] = bbox;
        expect(bbox.every(Number.isInteger)).toBe(true);
        expect(x1 >= 0 && y1 >= 0 && x1 < x2 && y1 < y2 && x2 <= width && y2 <= height).toBe(true);
      }
  });

  it("puts objects in alphabetical order, numbered from 1, and relations in the order of their ends", () => {
    for (const { graph } of scenes) {
      const ids = graph.objects.map(({ id }) => id);
      expect(ids).toEqual([...ids].sort());
      expect(ids.map(numberOf)).toEqual(ids.map((_, index) => index + 1));
      const ends = graph.relationships.map((r) => numberOf(r.subject) * 10 + numberOf(r.object));
      expect(ends).toEqual([...ends].sort((a, b) => a - b));
    }
  });

  it("has predicates with a long tail, all nine of them", () => {
    const counts = new Map<string, number>();
    for (const { graph } of scenes)
      for (const { predicate } of graph.relationships)
        counts.set(predicate, (counts.get(predicate) ?? 0) + 1);
    const [first, second, ...rest] = [...counts].sort((a, b) => b[1] - a[1]);
    expect(counts.size).toBe(9);
    expect([first?.[0], second?.[0]]).toEqual(["on", "near"]);
    expect(first![1]).toBeGreaterThan(5 * rest.at(-1)![1]);
  });

  it("shows every kind of object, in several sizes of image and on several backdrops", () => {
    const names = scenes.flatMap(({ graph }) => graph.objects.map(({ id }) => id.split(".")[0]!));
    expect([...new Set(names)].sort()).toEqual(thingNames);
    expect(new Set(scenes.map(({ width, height }) => `${width} ${height}`)).size).toBe(4);
    expect(new Set(scenes.map(({ backdrop }) => backdrop)).size).toBe(backdrops.length);
  });

  it("depends on seed and index alone", () => {
    expect(drawScene(11, 7)).toEqual(scenes[7]);
    expect(drawScene(12, 7)).not.toEqual(scenes[7]);
    expect(drawScene(11, 8)).not.toEqual(scenes[7]);
  });
});

describe("a drawing", () => {
  /** The smallest box around every pixel that the object changed. */
  async function painted(name: string, box: Box): Promise<Box> {
    const [width, height] = [160, 120];
    const backdrop = { back: ["#00ff00", "#00ff00"], floor: ["#00ff00", "#00ff00"] } as const;
    const object = { name, box, colour: drawings[name]!.colours[0]!, depth: 0, grounded: false };
    const svg = toSvg({ width, height, horizon: 60, backdrop, objects: [object] });
    const pixels = await sharp(Buffer.from(svg)).removeAlpha().raw().toBuffer();
    const changed = Array.from({ length: width * height }, (_, at) => at).filter(
      (at) => pixels[3 * at] !== 0 || pixels[3 * at + 1] !== 255 || pixels[3 * at + 2] !== 0,
    );
    const [xs, ys] = [changed.map((at) => at % width), changed.map((at) => Math.floor(at / width))];
    return [Math.min(...xs), Math.min(...ys), Math.max(...xs) + 1, Math.max(...ys) + 1];
  }

  it.each(thingNames)("of a %s fills its box, to the pixel", async (name) => {
    const { aspect } = thing(name);
    const tall = aspect > 1 ? 40 : 70;
    const box: Box = [31, 23, 31 + Math.round(tall * aspect), 23 + tall];
    const found = await painted(name, box);
    for (const [edge, value] of found.entries())
      expect(Math.abs(value - box[edge]!)).toBeLessThanOrEqual(1);
  });

  it("has the proportions that its kind is given", () => {
    for (const name of thingNames) {
      const [width, height] = drawings[name]!.frame;
      expect(Math.abs(width / height / thing(name).aspect - 1)).toBeLessThan(0.02);
    }
  });
});
