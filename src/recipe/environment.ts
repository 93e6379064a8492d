import type { Fault, ReadTree } from "./read-yaml.ts";
import { mapTexts, type Tree } from "./tree.ts";

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

const reference = /\$\$\{|\$\{env:([A-Za-z_][A-Za-z0-9_]*)(?::-([^{}]*))?\}|\$\{/g;

/**
 * Puts in the values of `${env:NAME}` and `${env:NAME:-default}`; `$${` is a plain `${`.
 *
 * The default stands for a variable that is not set or empty. No other form is known, so that a
 * misspelt one is a fault and not a path with a dollar in it.
 */
export function withEnvironment(tree: Tree, environment: Environment): ReadTree {
  const faults: Fault[] = [];
  const filled = mapTexts(tree, (text, at) =>
    text.replaceAll(reference, (found, name?: string, otherwise?: string) => {
      if (found === "$${") return "${";
      if (name === undefined) {
        // biome-ignore lint/suspicious/noTemplateCurlyInString: the form that a recipe may use
        const wanted = "expected ${env:NAME}, ${env:NAME:-default}, or $${ for the characters";
        faults.push({ ...at, message: `found "${found}" in ${JSON.stringify(text)}, ${wanted}` });
        return found;
      }
      const value = environment[name] || otherwise;
      if (value !== undefined) return value;
      faults.push({ ...at, message: `environment variable ${name} is not set, expected a value` });
      return found;
    }),
  );
  return { tree: filled, faults };
}
