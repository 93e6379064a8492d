import { readFileSync } from "node:fs";
import { shipped } from "./root.ts";

/** Version of this product, from its package.json. */
export const version: string = (
  JSON.parse(readFileSync(shipped("package.json"), "utf8")) as { version: string }
).version;
