import type { ClassNames } from "../core/classes/class-names.ts";
import { refine } from "../core/graph/names.ts";

/** The names that a data set knows, refined, ready for look-ups. */
export interface Vocabulary {
  readonly objects: ReadonlySet<string>;
  readonly predicates: ReadonlySet<string>;
}

/** Refines a list of classes once, for many look-ups. Errors: none. */
export const toVocabulary = (classes: ClassNames): Vocabulary => ({
  objects: new Set(classes.objects.map(refine)),
  predicates: new Set(classes.predicates.map(refine)),
});
