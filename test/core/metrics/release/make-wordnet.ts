/**
 * Makes src/core/metrics/release/wordnet-*.json anew from the WordNet 3.0 database:
 * `bin/with-node node test/core/metrics/release/make-wordnet.ts`. wordnet.test.ts compares.
 */
import { writeFileSync } from "node:fs";
import { shipped } from "../../../../src/root.ts";
import { targetSets } from "./target-sets.ts";
import { wordNetTables } from "./wordnet-database.ts";

const tables = wordNetTables(targetSets);
for (const [name, value] of Object.entries(tables)) {
  const path = shipped(`src/core/metrics/release/wordnet-${name}.json`);
  writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`);
}
