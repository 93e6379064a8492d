import { psg } from "../../../../src/core/classes/psg.ts";
import { vg150 } from "../../../../src/core/classes/vg150.ts";

/** The classes of each set that words are mapped into, as the data sets write them. */
export const targetSets = {
  vg150_objects: vg150.objects,
  vg150_predicates: vg150.predicates,
  psg_objects: psg.objects,
  psg_predicates: psg.predicates,
};
