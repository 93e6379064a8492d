import fc from "fast-check";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { explainCompletion } from "../../src/core/explain/explain.ts";
import { explanationSvg } from "../../src/report/explanation-svg.ts";
import { answer, scene, similarity } from "../core/rewards/scenes.ts";
import { answeredTarget } from "../helpers/arbitraries.ts";
import { hostile } from "./report-fixture.ts";

const { objects, relationships } = scene;
const [man, horse] = objects;
const options = { boxScale: [100, 100], similarity } as const;
const explain = (found: unknown, relations: unknown, more = {}) =>
  explainCompletion(answer(found, relations), scene, { ...options, ...more });
const half = explain(
  [{ ...man, id: "person.1" }, horse],
  [{ subject: "person.1", predicate: "on", object: "horse.2" }],
);
const texts = (svg: string, group: string) =>
  [...svg.matchAll(new RegExp(`<g class="${group}">.*?<text[^>]*>([^<]*)<`, "g"))].map(
    ([, text]) => text,
  );
const numbers = (svg: string) => [...svg.matchAll(/ (?:x|y|width|height)="([^"]*)"/g)];

describe("explanationSvg", () => {
  it("gives matched boxes the same number, and a dash to those that are not", () => {
    const svg = explanationSvg(half);
    expect(texts(svg, "name target")).toEqual(["1 man.1", "2 horse.2", "– tree.3"]);
    expect(texts(svg, "name prediction")).toEqual(["1 person.1", "2 horse.2"]);
    expect(svg).toMatch(/<g class="box target"><title>target 1 man\.1<\/title><rect x="0" y="0"/);
  });

  it("draws found relations apart from missed ones, by the reward that is asked for", () => {
    const soft = explanationSvg(half);
    expect([texts(soft, "said hit"), texts(soft, "said miss")]).toEqual([
      ["riding ≈ on"],
      ["near"],
    ]);
    const hard = explanationSvg(half, { by: "edge_hard_reward" });
    expect([texts(hard, "said hit"), texts(hard, "said miss")]).toEqual([[], ["riding", "near"]]);
    expect(hard).toContain("missed, by edge_hard_reward");
  });

  it("joins a matched pair that is apart, and no other", () => {
    const joins = (svg: string) => svg.split('class="join"').length - 1;
    expect(joins(explanationSvg(explain(objects, relationships)))).toBe(0);
    const apart = [{ id: "man.1", bbox: [60, 50, 100, 100] }];
    expect(joins(explanationSvg(explain(apart, [])))).toBe(1);
  });

  it("lies on the image if there is one", () => {
    const image = "data:image/png;base64,AAAA";
    expect(explanationSvg(half, { image })).toContain(`<image href="${image}" width="100"`);
    expect(explanationSvg(half)).toContain('class="blank"');
  });

  it("says what is not drawn, as it is too much or no box", () => {
    const many = Array.from({ length: 70 }, (_, i) => ({ ...man, id: `man.${i}` }));
    expect(explanationSvg(explain(many, []))).toContain("10 boxes or relations are not drawn");
    const text = '{"objects":[{"id":"man.1","bbox":[NaN,0,1,1]}],"relationships":[]}';
    const nowhere = explanationSvg(explainCompletion(text, scene, options));
    expect(nowhere).toContain("1 boxes or relations are not drawn");
  });

  it("tells why an answer was not read", () => {
    expect(explanationSvg(explainCompletion("no", scene))).toContain("the answer is not JSON");
  });

  it("is one well-formed picture whatever the answer holds", async () => {
    const odd = [
      { ...man, id: `${hostile}\u0000\ud83d\uffff` },
      { id: "a", bbox: [-1e9, 5, 1e9, 5] },
    ];
    const svg = explanationSvg(explain(odd, [{ subject: "a", predicate: hostile, object: "a" }]));
    expect(svg).not.toContain("<script");
    await expect(sharp(Buffer.from(svg)).metadata()).resolves.toMatchObject({ format: "svg" });
    fc.assert(
      fc.property(answeredTarget(), ({ completion, target }) => {
        const drawn = explanationSvg(explainCompletion(completion, target, { similarity }));
        for (const [, value] of numbers(drawn)) expect(Number(value)).not.toBeNaN();
        expect(drawn).not.toMatch(/NaN|Infinity/);
      }),
      { numRuns: 200 },
    );
  });
});
