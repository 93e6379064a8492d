import { relative } from "node:path";
import { SggError } from "../errors.ts";
import type { Fault } from "./read-yaml.ts";

/** A path as one would type it from here. */
const near = (path: string): string => {
  const short = relative(process.cwd(), path);
  return path.startsWith("--set") || short.startsWith("..") ? path : short;
};

/** The error that lists every fault of a recipe, each with its file and line. */
export function describeFaults(path: string, faults: readonly Fault[]): SggError {
  const lines = faults.map(
    ({ file, line, message }) => `${near(file)}${line > 0 ? `:${line}` : ""}: ${message}`,
  );
  const [only, ...more] = lines;
  if (only !== undefined && more.length === 0)
    return new SggError("RECIPE", `Cannot use recipe "${near(path)}": ${only}`);
  const all = lines.map((line) => `\n  ${line}`).join("");
  return new SggError("RECIPE", `Cannot use recipe "${near(path)}": ${lines.length} faults${all}`);
}
