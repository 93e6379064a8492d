import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { toSvg } from "../../src/data/scenes/draw.ts";
import { drawScene } from "../../src/data/scenes/scene.ts";
import type { SceneStyle } from "../../src/data/scenes/style.ts";
import { loadRun } from "../../src/recipe/load-run.ts";
import { loadStudies } from "../../src/recipe/load-study.ts";
import type { Recipe } from "../../src/recipe/recipe.ts";
import type { DataSource } from "../../src/recipe/sources.ts";
import { studyRuns } from "../../src/recipe/study.ts";
import { shipped } from "../../src/root.ts";

const recipesIn = (folder: string) =>
  Promise.all(
    readdirSync(shipped(`recipes/mini/${folder}`))
      .filter((name) => name.endsWith(".yaml") && !name.startsWith("_"))
      .map(async (name) => (await loadRun(shipped(`recipes/mini/${folder}/${name}`))).recipe),
  );

type Synth = Extract<DataSource, { readonly synth: unknown }>["synth"];
const synthOf = (source: DataSource | undefined): readonly Synth[] =>
  source !== undefined && "synth" in source ? [source.synth] : [];

/** What is seen of the scenes of a source. */
function pictures(source: Synth): ReadonlySet<string> {
  const { count, seed, same_picture = 1 } = source;
  const hash = (index: number) =>
    createHash("sha256")
      .update(toSvg(drawScene(seed, index * same_picture, source)))
      .digest("base64");
  const drawn = Math.ceil(count / same_picture);
  return new Set(Array.from({ length: drawn }, (_unused, index) => hash(index)));
}

/** Of each seed the largest number of scenes. */
function largest(sources: readonly Synth[]): readonly Synth[] {
  const bySeed = Map.groupBy(sources, ({ seed }) => seed);
  return [...bySeed.values()].map((all) => all.reduce((a, b) => (a.count < b.count ? b : a)));
}

/** What makes the world: not how many things are in a picture, nor what is asked about it. */
function styleOf({ size, grid, scale, plain, hatch, clutter_shown }: Synth): SceneStyle {
  return { size, grid, scale, plain, hatch, clutter_shown };
}

describe("the miniature", () => {
  it("is one world, whose scenes for training, choosing and testing are different pictures", async () => {
    const training = (await recipesIn(".")).flatMap((one) =>
      synthOf("data" in one ? one.data.train : undefined),
    );
    const testing = (await recipesIn("infer")).flatMap(({ data }) => synthOf(data.eval));
    const [test] = testing;
    for (const one of [...training, ...testing]) expect(styleOf(one)).toEqual(styleOf(test!));
    expect(new Set(testing.map(({ seed }) => seed))).toEqual(new Set([900]));
    const littered = training.filter(({ seed }) => seed !== 101).map(({ clutter }) => clutter);
    expect(new Set(littered)).toEqual(new Set([test!.clutter]));
    const sets = [...largest(training), test!, { ...test!, seed: 800 }].map(pictures);
    expect(sets).toHaveLength(5);
    const all = sets.reduce((sum, set) => sum + set.size, 0);
    expect(new Set(sets.flatMap((set) => [...set])).size).toBe(all);
  });

  it("asks and judges all rows alike", async () => {
    const without = ({ name: _, ...recipe }: Recipe) =>
      "model" in recipe ? { ...recipe, model: null } : { ...recipe, predictions: null };
    for (const folder of ["infer", "eval"])
      for (const recipe of await recipesIn(folder))
        expect(without(recipe)).toEqual(without((await recipesIn(folder))[0]!));
  });

  it("has the control of the rewards differ from SFT+RL in nothing else", async () => {
    const all = await recipesIn(".");
    const named = (name: string) => all.find((one) => one.name === name) as Recipe;
    const [rl, control] = [named("mini-sft-rl"), named("mini-shuffled-rl")];
    expect({ ...control, name: rl.name }).toEqual({
      ...rl,
      rewards: { ...("rewards" in rl && rl.rewards), control: "shuffled" },
    });
  });

  it("runs every recipe that there is", async () => {
    const { studies } = await loadStudies(shipped("recipes/studies/mini.yaml"));
    const used = new Set(studies.flatMap(studyRuns));
    const there = readdirSync(shipped("recipes/mini/eval")).map((name) =>
      shipped(`recipes/mini/eval/${name}`),
    );
    expect([...used].sort()).toEqual(there.sort());
  });
});
