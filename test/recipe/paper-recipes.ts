import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { loadRun, type RunRecipe } from "../../src/recipe/load-run.ts";
import type { PaperRun, ReferenceScripts } from "../../src/report/paper-runs/page.ts";
import reference from "../fixtures/reference-scripts.json" with { type: "json" };

const folder = new URL("../../recipes/paper/", import.meta.url);

/** Paths of the recipes below `recipes/paper`, in order; `_*.yaml` are parts of them. */
export const paperRecipePaths = (): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => /(^|\/)[^_/][^/]*\.yaml$/.test(path))
    .sort();

/** A recipe of the paper with what it starts from. */
export type LoadedRun = PaperRun & RunRecipe;

/** All of them, loaded. */
export const paperRuns = (): Promise<readonly LoadedRun[]> =>
  Promise.all(
    paperRecipePaths().map(async (path) => ({
      path,
      ...(await loadRun(fileURLToPath(new URL(path, folder)), { environment: {} })),
    })),
  );

/** The reference's launch scripts by path. */
export const referenceScripts: ReferenceScripts = reference.scripts;
