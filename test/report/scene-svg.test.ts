import { describe, expect, it } from "vitest";
import { sceneSvg } from "../../src/report/scene-svg.ts";
import { toView } from "../../src/report/scene-view.ts";
import { image } from "./report-fixture.ts";

const { target } = image;
const ground = { width: 200, height: 100, imageId: "image-0" };
const names = ["cat", "hat", "dog"];
const count = (text: string, part: string | RegExp) => text.split(part).length - 1;

describe("sceneSvg", () => {
  it("draws each box with its id and each relation with its predicate", () => {
    const svg = sceneSvg(toView(target, target), ground, names);
    expect(svg).toContain('viewBox="0 0 200 100"');
    expect(svg).toContain('<rect x="10" y="10" width="50" height="50" stroke=');
    expect([...svg.matchAll(/<text[^>]*>([^<]*)</g)].map(([, text]) => text)).toEqual([
      "cat.1",
      "hat.2",
      "dog.3",
      "wears",
      "near",
    ]);
    expect(count(svg, 'class="halo"')).toBe(2);
  });

  it("gives a class the same colour in every drawing that shares the names", () => {
    const colour = (graph: typeof target) =>
      /data-object="\d+"><title>dog\.3<\/title>.*?stroke="(#\w+)"/.exec(
        sceneSvg(toView(graph, target), ground, names),
      )?.[1];
    expect(colour(target)).toMatch(/^#/);
    const alone = { ...target, objects: target.objects.slice(2), relationships: [] };
    expect(colour(alone)).toBe(colour(target));
  });

  it("draws no arrow to what has no box", () => {
    const answer = image.answers[1]!.prediction;
    if (!answer?.ok) throw new TypeError("no graph");
    const svg = sceneSvg(toView(answer.graph, target, target), ground, names);
    expect(count(svg, 'class="halo"')).toBe(1);
    expect(svg).not.toMatch(/NaN|Infinity|1e\+?300/);
  });

  it("draws no more than can be read, larger boxes below smaller ones", () => {
    const many = Array.from({ length: 200 }, (_, i) => ({
      id: `cat.${i}`,
      bbox: [0, 0, 10 + i / 2, 50] as const,
    }));
    const svg = sceneSvg(toView({ objects: many, relationships: [] }, target), ground, names);
    const widths = [...svg.matchAll(/height="50" stroke/g)].length;
    expect(widths).toBe(60);
    expect(/<title>([^<]*)</.exec(svg)?.[1]).toBe("cat.59");
  });
});
