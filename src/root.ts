import { fileURLToPath } from "node:url";

/** Absolute path of a file that ships with the product, for example `shipped("recipes/smoke/smoke.yaml")`. */
export const shipped = (path: string): string =>
  fileURLToPath(new URL(`../${path}`, import.meta.url));

/** The CLI itself, as source or compiled, to be started by a Node. */
export const cliFile = shipped(
  import.meta.filename.endsWith(".ts") ? "src/cli/main.ts" : "dist/cli/main.js",
);
