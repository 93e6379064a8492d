import { SggError } from "../errors.ts";
import { readYaml } from "./read-yaml.ts";
import { merge, type Tree } from "./tree.ts";

/**
 * A tree with the values of `--set key.of.it=value` over it, the later ones last, as if a file
 * extended it.
 *
 * The value is YAML (`8`, `[a, b]`, `{path: x}`, `null` to remove); a number in the key is the place
 * in a list.
 *
 * Errors: SggError USAGE for an option without `=`, with a value that is no YAML, or for a place that
 * a list does not have
 */
export const withOverrides = (tree: Tree, settings: readonly string[]): Tree =>
  settings.reduce((under, setting) => merge(under, toOver(under, ...parse(setting))), tree);

function parse(setting: string): [keys: readonly string[], value: Tree, setting: string] {
  const cut = setting.indexOf("=");
  const keys = setting.slice(0, cut).split(".");
  if (cut < 1 || keys.includes(""))
    throw cannotSet(setting, "no key", "key=value, for example grpo.learning_rate=3e-7");
  const file = `--set ${setting}`;
  const { tree, faults } = readYaml(setting.slice(cut + 1), file);
  if (faults[0]) throw cannotSet(setting, faults[0].message, "a value in YAML");
  return [keys, atOption(tree, file), setting];
}

/** An option has no lines. */
const atOption = (tree: Tree, file: string): Tree => {
  const place = { file, line: 0 };
  if ("list" in tree) return { at: place, list: tree.list.map((item) => atOption(item, file)) };
  if ("map" in tree)
    return {
      at: place,
      map: new Map([...tree.map].map(([key, one]) => [key, atOption(one, file)])),
    };
  return { ...tree, at: place };
};

function toOver(
  under: Tree | undefined,
  keys: readonly string[],
  value: Tree,
  setting: string,
): Tree {
  const [key, ...rest] = keys;
  if (key === undefined) return value;
  if (under && "list" in under)
    return { at: under.at, list: withItem(under.list, key, rest, value, setting) };
  const below = under && "map" in under ? under.map.get(key) : undefined;
  return { at: value.at, map: new Map([[key, toOver(below, rest, value, setting)]]) };
}

function withItem(
  list: readonly Tree[],
  key: string,
  rest: readonly string[],
  value: Tree,
  setting: string,
): readonly Tree[] {
  const index = /^\d+$/.test(key) ? Number(key) : -1;
  const old = list[index];
  if (old === undefined)
    throw cannotSet(
      setting,
      `no place "${key}" in a list of ${list.length}`,
      "one of its places, from 0",
    );
  return list.with(index, merge(old, toOver(old, rest, value, setting)));
}

const cannotSet = (setting: string, found: string, wanted: string): SggError =>
  new SggError("USAGE", `Cannot set "${setting}": ${found}, expected ${wanted}`);
