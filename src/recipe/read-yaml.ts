import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from "yaml";
import type { Scalar, Tree } from "./tree.ts";

/** What is wrong in a recipe and where. */
export interface Fault {
  readonly file: string;
  /** From 1; 0 where there is no line to name. */
  readonly line: number;
  readonly message: string;
}

/** A tree as far as it could be read, and what was wrong. */
export interface ReadTree {
  readonly tree: Tree;
  readonly faults: readonly Fault[];
}

/**
 * A YAML text as a tree, with every fault in it.
 *
 * Aliases are refused: `extends` shares what is to be shared, and an alias of an alias of an alias
 * can unfold without end.
 */
export function readYaml(text: string, file: string): ReadTree {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const lineOf = (offset: number): number => lines.linePos(offset).line;
  const faults: Fault[] = document.errors.map(({ message, pos }) => ({
    file,
    line: lineOf(pos[0]),
    message,
  }));
  const refuse = (line: number, message: string): Tree => {
    faults.push({ file, line, message });
    return { at: { file, line }, scalar: null };
  };
  const toTree = (node: Node | null, line: number): Tree => {
    const here = node?.range ? lineOf(node.range[0]) : line;
    const at = { file, line: here };
    if (isMap(node)) {
      const pairs = node.items.map(({ key, value }) => {
        const keyLine = (key as Node).range ? lineOf((key as Node).range![0]) : here;
        if (!isScalar(key)) refuse(keyLine, "expected a plain key");
        const child = toTree(value as Node | null, keyLine);
        return [String(isScalar(key) ? key.value : "?"), { ...child, at: { file, line: keyLine } }];
      });
      return { at, map: new Map(pairs as [string, Tree][]) };
    }
    if (isSeq(node)) return { at, list: node.items.map((item) => toTree(item as Node, here)) };
    if (isAlias(node)) return refuse(here, `found the alias "*${node.source}", expected its value`);
    const value = isScalar(node) ? node.value : null;
    if (value === null || ["string", "number", "boolean"].includes(typeof value))
      return { at, scalar: value as Scalar };
    return refuse(here, `found ${String(value)}, expected a text, a number, true, false or null`);
  };
  return { tree: toTree(document.contents, 1), faults };
}
