/** Writes docs/paper-runs.md: `bin/with-node node test/recipe/write-paper-runs.ts`. */
import { writeFileSync } from "node:fs";
import { paperRunsPage } from "../../src/report/paper-runs/page.ts";
import { shipped } from "../../src/root.ts";
import { paperRuns, referenceScripts } from "./paper-recipes.ts";

writeFileSync(shipped("docs/paper-runs.md"), paperRunsPage(await paperRuns(), referenceScripts));
