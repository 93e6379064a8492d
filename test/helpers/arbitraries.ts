import fc from "fast-check";
import type { Box, Relationship, SceneObject, Target } from "../../src/core/graph/scene-graph.ts";

/** Boxes on a 1000-pixel canvas, points and lines among them. */
export const box = (): fc.Arbitrary<Box> =>
  fc
    .tuple(fc.nat(1000), fc.nat(1000), fc.nat(1000), fc.nat(1000))
    .map(([x, y, w, h]) => [x, y, x + w, y + h] as const);

const names = ["man", "horse", "traffic light", "tree"] as const;
const predicates = ["on", "riding", "in front of"] as const;

/** Graphs of up to six objects with the ids that a dataset gives them, on a 1000-pixel canvas. */
export const target = (): fc.Arbitrary<Target> =>
  fc
    .array(fc.tuple(fc.constantFrom(...names), box()), { minLength: 1, maxLength: 6 })
    .map((rows) => rows.map(([name, bbox], i): SceneObject => ({ id: `${name}.${i + 1}`, bbox })))
    .chain((objects) => {
      const id = fc.constantFrom(...objects.map((object) => object.id));
      const relationship: fc.Arbitrary<Relationship> = fc.record({
        subject: id,
        predicate: fc.constantFrom(...predicates),
        object: id,
      });
      return fc.array(relationship, { maxLength: 6 }).map((relationships) => ({
        image_id: "1",
        width: 1000,
        height: 1000,
        objects,
        relationships,
      }));
    });

/** A completion that answers with a graph, in the form that the format reward asks for. */
export const toCompletion = ({
  objects,
  relationships,
}: Pick<Target, "objects" | "relationships">) =>
  `<think>I look.</think>\n<answer>${JSON.stringify({ objects, relationships })}</answer>`;

/** Pieces on which readers of JSON, of tags and of names differ. */
const pieces: readonly string[] = [
  ..."{}[],:\"'\\/ -+.019eE_\n\t\r\0\u001f\u001c\u0085\u00a0\u1680\u180e\u2003\u2028\u202f\u3000\u200b\ufeff\ud83d\ude00İΣςßÀ",
  ...["NaN", "Infinity", "-Infinity", "-NaN", "null", "true", "false", "True", "nul", "None"],
  ...["-0", "01", "1.", ".5", "1e999", "-1e999", "1E5", "1e", "1e+", "0.1e-3", "0x1", "1_0"],
  ...["9".repeat(308), "9".repeat(309), `-${"9".repeat(400)}`, "9".repeat(4300), "9".repeat(4301)],
  ...["\\u12", "\\ud83d", "\\ude00", "\\ud83d\\ude00", "\\u0041", "\\x41", "\\n", '\\"', "\\\\"],
  ...['"objects"', '"bbox"', '"id"', '"__proto__"', '"a":1', '"a":2,', "[]", "{}", '""', "[1,]"],
  ...["```", "````", "json", "JSON", "<think>", "</think>", "<answer>", "</answer>", "<ANSWER>"],
  ...["//", "/* */", "[".repeat(60), "]".repeat(60)],
];

/** Texts made of awkward pieces only. */
export const awkwardText = (): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...pieces), { maxLength: 12 }).map((parts) => parts.join(""));

/** Good completions with one to four places deleted or replaced by awkward pieces. */
export const damagedCompletion = (): fc.Arbitrary<string> =>
  fc.tuple(target().map(toCompletion), damage()).map(([text, edit]) => edit(text));

/** Deletes one to four places of a text or replaces them by awkward pieces. */
const damage = (): fc.Arbitrary<(text: string) => string> =>
  fc
    .array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(6), awkwardPiece()), {
      minLength: 1,
      maxLength: 4,
    })
    .map(
      (edits) => (text) =>
        edits.reduce((current, [where, cut, piece]) => {
          const at = Math.floor(where * current.length);
          return current.slice(0, at) + piece + current.slice(at + cut);
        }, text),
    );

const awkwardPiece = (): fc.Arbitrary<string> => fc.constantFrom("", ...pieces);

/** A target, and a completion that answers to it more or less well, or with a damage of its own. */
export const answeredTarget = (): fc.Arbitrary<{ target: Target; completion: string }> =>
  target().chain((truth) =>
    fc
      .tuple(
        fc.array(fc.tuple(spoiledObject(truth), spoiledRelationship(truth)), { maxLength: 8 }),
        fc.option(damage(), { freq: 4 }),
      )
      .map(([items, edit]) => {
        const objects = items.flatMap(([object]) => object);
        const relationships = items.map(([, relationship]) => relationship);
        const text = `<think>I look.</think>\n<answer>{"objects":[${objects.join()}],"relationships":[${relationships.join()}]}</answer>`;
        return { target: truth, completion: edit ? edit(text) : text };
      }),
  );

const rarely = <T>(usual: fc.Arbitrary<T>, odd: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: 15, arbitrary: usual }, { weight: 1, arbitrary: odd });

/** JSON of an object near one of the target's: moved, renamed, said twice or without a box. */
const spoiledObject = ({ objects }: Target): fc.Arbitrary<string> =>
  fc
    .record({
      object: fc.constantFrom(...objects),
      id: rarely(fc.constant(undefined), fc.constantFrom("dog.1", "Man.1", "man", 7, null)),
      shift: fc.oneof(fc.constant(0), fc.integer({ min: -300, max: 300 })),
      odd: rarely(fc.constant(""), fc.constantFrom("NaN", "Infinity", "1e308", "null", '"1"')),
    })
    .map(({ object, id, shift, odd }) => {
      const [x1, y1, x2, y2] = object.bbox;
      const box = [x1 + shift, y1, x2 + shift, odd === "" ? y2 : odd];
      return `{"id":${JSON.stringify(id === undefined ? object.id : id)},"bbox":[${box.join()}]}`;
    });

/** JSON of a relation between the target's objects, or of one with an odd field, or without one. */
const spoiledRelationship = ({ objects, relationships }: Target): fc.Arbitrary<string> => {
  const id = fc.constantFrom(...objects.map((object) => object.id));
  const ends = fc.record({ subject: id, predicate: fc.constantFrom(...predicates), object: id });
  const usual = relationships.length > 0 ? fc.constantFrom(...relationships) : ends;
  const odd = fc.record({
    field: fc.constantFrom("subject", "predicate", "object"),
    value: fc.constantFrom<unknown>("x.9", "ON ", "\ud83d", 7, null, undefined, [], { a: 1 }),
  });
  return fc
    .tuple(fc.oneof(usual, ends), rarely(fc.constant(undefined), odd))
    .map(([relation, oddity]) =>
      JSON.stringify(oddity ? { ...relation, [oddity.field]: oddity.value } : relation),
    );
};
