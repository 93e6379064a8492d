import {
  listItems,
  looseRelationship,
  readAnswer,
  readObjects,
  readRelationships,
} from "../graph/read-answer.ts";
import type { Target } from "../graph/scene-graph.ts";
import { type Limits, OverLimit } from "../limits.ts";
import { matchObjects } from "../matching/match-objects.ts";
import type { Pair } from "../matching/pairs.ts";
import type { Profile } from "./profiles.ts";
import { soundRelations } from "./relations.ts";
import type { Candidate, Task, Tools } from "./reward.ts";

/** What a completion is read with. */
export interface ReadOptions {
  readonly boxScale?: readonly [number, number] | undefined;
  readonly task?: Task | undefined;
  readonly profile: Profile;
  readonly limits: Limits;
  readonly tools: Tools;
}

/**
 * A completion, read once for all rewards.
 *
 * Errors: OverLimit when it is too long or lists too much
 */
export function readCandidate(
  completion: string,
  target: Target,
  { boxScale = [1000, 1000], task = "sgg", profile, limits, tools }: ReadOptions,
): Candidate {
  checkSize("characters", completion.length, limits);
  const answer = readAnswer(completion);
  if (answer.ok) {
    for (const list of ["objects", "relationships"] as const) {
      const items = answer.value[list];
      if (Array.isArray(items)) checkSize(list, items.length, limits);
    }
  }
  const factors = [1 / boxScale[0], 1 / boxScale[1]] as const;
  const read = answer.ok ? readObjects(answer.value.objects, factors, profile.rename) : answer;
  const objects = read.ok ? { ...read, value: read.value.filter(profile.counts) } : read;
  const graph = profile.targetGraph({
    ...target,
    objects: task === "cls" ? [] : target.objects,
    relationships: task === "det" ? [] : target.relationships,
  });
  const match = once((): readonly Pair[] | undefined =>
    objects.ok
      ? matchObjects(objects.value, graph.objects, { ...tools, overlap: profile.overlap })
      : undefined,
  );
  const relations = once(() => {
    if (!answer.ok) return answer;
    const read = profile.faultyRelation === "fatal" ? readRelationships : soundRelations;
    return read(answer.value.relationships, profile.rename);
  });
  const looseRelations = once(() =>
    answer.ok
      ? listItems(answer.value.relationships)?.map((item) => looseRelationship(item))
      : undefined,
  );
  const { faultyRelation } = profile;
  return {
    ...{ completion, task, answer, objects, relations, looseRelations, faultyRelation },
    ...{ target: graph, tools, match },
  };
}

function checkSize(what: keyof Limits, found: number, limits: Limits): void {
  if (found > limits[what]) throw new OverLimit(`${found} ${what}, at most ${limits[what]}`);
}

/** Calls a function at its first call only. */
function once<T>(find: () => T): () => T {
  let found: { readonly value: T } | undefined;
  return () => {
    found ??= { value: find() };
    return found.value;
  };
}
