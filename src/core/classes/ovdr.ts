import { type ClassNames, namesIn } from "./class-names.ts";
import { vg150 } from "./vg150.ts";

/**
 * The 45 objects and 15 predicates of VG150 that the open-vocabulary split (OVDR) keeps for
 * evaluation.
 *
 * Source: R1-SGG e4de64d `--use_ovdr_split`; the unseen ids of its evaluator are these names
 */
export const ovdrNovel: ClassNames = {
  objects: namesIn(`
    bed, bench, bike, boy, building, bus, car, cat, chair, dog, door, ear, elephant, fence,
    giraffe, girl, glass, hair, hand, hat, head, horse, jacket, leg, man, pant, person, plane,
    plate, pole, shirt, shoe, short, sign, snow, street, table, tail, track, train, tree, wheel,
    window, woman, zebra
  `),
  predicates: namesIn(`
    attached to, belonging to, eating, for, in, of, on, painted on, part of, playing, riding, says,
    walking in, walking on, wears
  `),
};

/** The 105 objects and 35 predicates that the open-vocabulary split trains on: all the others. */
export const ovdrBase: ClassNames = {
  objects: vg150.objects.filter((name) => !ovdrNovel.objects.includes(name)),
  predicates: vg150.predicates.filter((name) => !ovdrNovel.predicates.includes(name)),
};
