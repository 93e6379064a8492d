import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { SggError } from "../errors.ts";
import { describeFaults } from "./describe-faults.ts";
import { type Fault, readYaml } from "./read-yaml.ts";
import { merge, type Tree } from "./tree.ts";

/**
 * Reads a YAML file together with those that it extends: `extends: ../base.yaml`, or a list of
 * files of which the later ones win over the earlier, and the file itself over all.
 *
 * Errors: SggError RECIPE for a file that is missing, no YAML, or that extends itself, with the chain
 */
export async function readExtended(path: string, chain: readonly string[] = []): Promise<Tree> {
  const text = await readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
    const found = cause.code === "ENOENT" ? "no such file" : cause.message;
    const by = chain.length > 0 ? `, which "${chain.at(-1)}" extends` : "";
    const message = `Cannot read recipe "${path}"${by}: ${found}, expected a YAML file`;
    throw new SggError("RECIPE", message, { cause });
  });
  const { tree, faults } = readYaml(text, path);
  if (faults.length > 0) throw describeFaults(path, faults);
  if (!("map" in tree)) throw describeFaults(path, [wrong(tree, "expected keys and values")]);
  const { bases, own } = split(tree);
  const here = [...chain, path];
  let under: Tree | undefined;
  for (const base of bases) {
    const next = resolve(dirname(path), base);
    if (here.includes(next)) throw circle([...here, next]);
    const read = await readExtended(next, here);
    under = under === undefined ? read : merge(under, read);
  }
  return under === undefined ? own : merge(under, own);
}

type MapTree = Extract<Tree, { readonly map: ReadonlyMap<string, Tree> }>;

/** What a file extends, and what else it says. */
function split(tree: MapTree): { readonly bases: readonly string[]; readonly own: Tree } {
  const map = new Map(tree.map);
  const found = map.get("extends");
  map.delete("extends");
  const own = { at: tree.at, map };
  if (found === undefined) return { bases: [], own };
  const items = "list" in found ? found.list : [found];
  const bases = items.map((item) => {
    if ("scalar" in item && typeof item.scalar === "string") return item.scalar;
    throw describeFaults(found.at.file, [
      wrong(item, "extends: expected a path, or a list of paths"),
    ]);
  });
  return { bases, own };
}

const wrong = ({ at }: Tree, message: string): Fault => ({ ...at, message });

const circle = (chain: readonly string[]): SggError =>
  new SggError(
    "RECIPE",
    `Cannot use recipe "${chain[0]}": it extends itself: ${chain.join(" → ")}, expected an end`,
  );
