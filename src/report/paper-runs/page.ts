import type { Recipe } from "../../recipe/recipe.ts";
import { compareSettings } from "./compare.ts";
import { recipeSettings, type TrainingRecipe } from "./recipe-settings.ts";
import { scriptSettings } from "./script-settings.ts";
import { type ReferenceScript, settingText } from "./setting.ts";
import { withoutRecipe } from "./without-recipe.ts";

/** A recipe of the paper and the path of its file below `recipes/paper`. */
export interface PaperRun {
  readonly path: string;
  readonly recipe: Recipe;
}

/** The launch scripts of the reference by their path below `scripts`. */
export type ReferenceScripts = Readonly<Record<string, ReferenceScript>>;

/**
 * `docs/paper-runs.md`: what each recipe stands for, and where it differs from the reference's script.
 *
 * Errors: RangeError when a recipe names a script that is not there
 */
export function paperRunsPage(runs: readonly PaperRun[], scripts: ReferenceScripts): string {
  const training = runs.flatMap(({ path, recipe }) =>
    recipe.stage === "sft" || recipe.stage === "grpo" ? [{ path, recipe }] : [],
  );
  const questions = runs.filter(({ recipe }) => recipe.stage === "vqa");
  return [
    head,
    "## Training\n",
    table(["recipe", "stands for", "script of the reference", "notes"], training.map(summary)),
    "\n## Value by value\n",
    ...training.flatMap((run) => comparisons(run, scripts)),
    "## Scripts that no recipe stands for\n",
    table(["script", "why"], Object.entries(withoutRecipe)),
    "\n## Inference and evaluation\n",
    asked(runs),
    "\n## Questions\n",
    table(
      ["recipe", "stands for"],
      questions.map(({ path, recipe }) => [link(path), recipe.reproduces?.paper.join("; ") ?? ""]),
    ),
    "",
  ].join("\n");
}

const head = `# The runs of the paper

Written by \`bin/with-node node test/recipe/write-paper-runs.ts\` from \`recipes/paper\`; a test compares.
The scripts are those of [R1-SGG](https://github.com/gpt4vision/R1-SGG) at e4de64d, their flags as
\`test/fixtures/reference-scripts.json\` has them; a default of the reference stands where a script sets
nothing. A recipe follows the paper where paper and script differ, unless it says otherwise.
`;

interface TrainingRun {
  readonly path: string;
  readonly recipe: TrainingRecipe;
}

function summary({ path, recipe }: TrainingRun): readonly string[] {
  const { paper = [], scripts = [], notes = [] } = recipe.reproduces ?? {};
  return [link(path), paper.join("; "), scripts.join(", ") || "none", notes.join("; ")];
}

function comparisons({ path, recipe }: TrainingRun, scripts: ReferenceScripts): readonly string[] {
  const { scripts: named = [], follows, differs = {} } = recipe.reproduces ?? {};
  return named.flatMap((name) => {
    const script = scripts[name];
    if (!script) throw new RangeError(`no script "${name}", which ${path} names`);
    const ours = recipeSettings(recipe);
    const { same, different } = compareSettings(scriptSettings(script), ours, differs);
    const rows = different.map((one) => [
      one.name,
      settingText(one.script),
      settingText(one.recipe),
      one.why ?? "",
    ]);
    return [
      `### ${path} and ${name}\n`,
      ...(follows === "script" ? ["The recipe follows the script.\n"] : []),
      table(["value", "script", "recipe", "why"], rows),
      `\nSame: ${same.join(", ")}.\n`,
    ];
  });
}

/** Who is asked about which data: a row for each model, a column for each set of rows. */
function asked(runs: readonly PaperRun[]): string {
  const cells = runs.flatMap(({ path }) => {
    const [, model = "", data = ""] = /^infer\/(.+)-on-([^-]+)\.yaml$/.exec(path) ?? [];
    return model === "" ? [] : [{ path, model, data }];
  });
  const columns = [...new Set(cells.map(({ data }) => data))].sort();
  const models = [...new Set(cells.map(({ model }) => model))];
  const rows = models.map((model) => [
    model,
    ...columns.map((data) => {
      const found = cells.find((cell) => cell.model === model && cell.data === data);
      return found ? `[infer](../recipes/paper/${found.path}), ${judged(found.path)}` : "–";
    }),
  ]);
  return table(["asked", ...columns], rows);
}

const judged = (path: string): string =>
  `[eval](../recipes/paper/${path.replace(/^infer/, "eval")})`;

const link = (path: string): string => `[${path.replace(".yaml", "")}](../recipes/paper/${path})`;

const table = (heads: readonly string[], rows: readonly (readonly string[])[]): string =>
  [heads, heads.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
