import { readFile } from "node:fs/promises";
import { parseDocument } from "yaml";
import { SggError } from "../errors.ts";
import { type ClusterProfile, clusterProfile } from "./cluster-profile.ts";

/** Variables by name, as a process has them. */
type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads a cluster profile: `${NAME}` and `${NAME:-otherwise}` in its texts become the variable's value.
 *
 * Errors: SggError RECIPE that lists every fault with its path, unset variables among them
 */
export async function loadClusterProfile(path: string, env: Environment): Promise<ClusterProfile> {
  const text = await readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
    throw new SggError("RECIPE", `Cannot read cluster profile "${path}": ${cause.message}`, {
      cause,
    });
  });
  return parseClusterProfile(path, text, env);
}

/** As `loadClusterProfile`, of a text; `path` is for its errors. */
export function parseClusterProfile(path: string, text: string, env: Environment): ClusterProfile {
  const document = parseDocument(text);
  const [fault] = document.errors;
  if (fault)
    throw new SggError("RECIPE", `Cannot read cluster profile "${path}": ${fault.message}`);
  const faults: string[] = [];
  const filled = fillIn(document.toJS(), env, "", faults);
  const checked = clusterProfile.safeParse(filled);
  if (!checked.success) {
    for (const issue of checked.error.issues) {
      const at = issue.path.join(".") || "the whole";
      if (!faults.some((known) => known.startsWith(`${at}: `)))
        faults.push(`${at}: ${issue.message}`);
    }
  }
  if (checked.success && faults.length === 0) return checked.data;
  throw new SggError("RECIPE", `Cannot use cluster profile "${path}": ${faults.join("; ")}`);
}

/** The lines of `setup` are bash, which fills in its variables on the node. */
const verbatim = /^setup\./;

function fillIn(value: unknown, env: Environment, at: string, faults: string[]): unknown {
  if (typeof value === "string") return verbatim.test(at) ? value : expand(value, env, at, faults);
  if (value === null || typeof value !== "object") return value;
  const inner = (key: string, one: unknown) =>
    fillIn(one, env, at === "" ? key : `${at}.${key}`, faults);
  if (Array.isArray(value)) return value.map((one, i) => inner(String(i), one));
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, inner(key, one)]));
}

function expand(text: string, env: Environment, at: string, faults: string[]): string {
  return text.replaceAll(
    /\$\{(\w+)(?::-([^}]*))?\}/g,
    (whole, name: string, otherwise?: string) => {
      const found = env[name] || otherwise;
      if (found !== undefined) return found;
      faults.push(`${at}: variable ${name} is not set, expected a value (or \${${name}:-default})`);
      return whole;
    },
  );
}
