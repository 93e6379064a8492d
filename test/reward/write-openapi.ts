/** Writes docs/openapi.json: `bin/with-node node test/reward/write-openapi.ts`. */
import { writeFileSync } from "node:fs";
import { profiles } from "../../src/core/rewards/profiles.ts";
import { openApi } from "../../src/reward/openapi.ts";
import { shipped } from "../../src/root.ts";

const json = JSON.stringify(openApi(profiles.release), null, 2);
writeFileSync(shipped("docs/openapi.json"), `${json}\n`);
