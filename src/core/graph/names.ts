import { pythonStrip } from "../json/python-text.ts";

/**
 * A name or id as the reference compares it: `_` and `-` are spaces, ends stripped, lower case.
 *
 * White space inside is left as it is.
 *
 * Source: R1-SGG e4de64d `refine_node_edge`; parity with Python's `str.strip` and `str.lower`
 *
 * @example
 * refine(" Wall-other_merged.3 "); // "wall other merged.3"
 */
export const refine = (name: string): string => pythonStrip(spaced(name)).toLowerCase();

/** With spaces for `_` and `-`, which few names have. */
const spaced = (name: string): string =>
  name.includes("_") || name.includes("-") ? name.replace(/[_-]/g, " ") : name;

/**
 * As `refine`, but white space stays at the ends.
 *
 * Source: R1-SGG 49355c7 (branch arxiv-0417) `refine_node_edge`
 *
 * @example
 * refineUnstripped(" Wall-other.3"); // " wall other.3"
 */
export const refineUnstripped = (name: string): string => spaced(name).toLowerCase();

/**
 * The class of an object's id: what stands before its first dot.
 *
 * Source: R1-SGG e4de64d `category_semantic_similarity`
 *
 * @example
 * category("traffic light.2"); // "traffic light"
 */
export function category(id: string): string {
  const dot = id.indexOf(".");
  return dot < 0 ? id : id.slice(0, dot);
}
