import type { Target } from "../../core/graph/scene-graph.ts";
import type { Random } from "../../core/random-stream.ts";
import { answerOf, perMille } from "../answer.ts";
import { pebble } from "./clutter.ts";

/** What is asked about a scene, and the right answer; boxes in thousandths. */
export interface Question {
  readonly question: string;
  readonly answer: string;
}

const shares = { where: 30, what: 40, how: 18, graph: 12 } as const;
type Kind = keyof typeof shares;

/**
 * A question about a scene: where something is, what is there, what stands how, or, one in eight, the
 * scene graph in the words of `graphPrompt`.
 *
 * Pebbles are in the answer to the last kind alone.
 */
export function questionAbout(scene: Target, graphPrompt: string, random: Random): Question {
  const drawn = random.weighted(Object.keys(shares) as Kind[], (one) => shares[one]);
  const kind = drawn === "how" && scene.relationships.length === 0 ? "where" : drawn;
  const things = scene.objects.filter(({ id }) => nameOf(id) !== pebble);
  const box = ([x1, y1, x2, y2]: readonly number[]) => {
    const { width, height } = scene;
    const numbers = [perMille(x1!, width), perMille(y1!, height)];
    return `[${[...numbers, perMille(x2!, width), perMille(y2!, height)].join(", ")}]`;
  };
  switch (kind) {
    case "where": {
      const { id, bbox } = random.pick(things);
      return { question: `Where is the ${nameOf(id)}?`, answer: box(bbox) };
    }
    case "what": {
      const answer = things.map(({ id, bbox }) => `${nameOf(id)} ${box(bbox)}`).join("\n");
      return { question: "What is there, and where?", answer };
    }
    case "how": {
      const answer = scene.relationships
        .map(({ subject, predicate, object }) =>
          [nameOf(subject), predicate, nameOf(object)].join(" "),
        )
        .join("\n");
      return { question: "What stands how to what?", answer };
    }
    case "graph":
      return { question: graphPrompt, answer: answerOf(scene, "objects") };
  }
}

const nameOf = (id: string): string => id.slice(0, id.indexOf("."));
