import { refine } from "../graph/names.ts";
import { term } from "../similarity/similarity.ts";
import { psg } from "./psg.ts";
import { vg150 } from "./vg150.ts";

/** Every term that the names of VG150 and PSG become, as a target writes them and as an answer does. */
export const classTerms: readonly string[] = [
  ...new Set(
    [vg150, psg]
      .flatMap(({ objects, predicates }) => [...objects, ...predicates])
      .flatMap((name) => [term(name), term(refine(name))]),
  ),
];
