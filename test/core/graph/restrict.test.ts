import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ovdrBase, ovdrNovel } from "../../../src/core/classes/ovdr.ts";
import { vg150 } from "../../../src/core/classes/vg150.ts";
import { restrict } from "../../../src/core/graph/restrict.ts";
import { target } from "../../helpers/arbitraries.ts";

const box = [0, 0, 1, 1] as const;
const classes = { objects: ["cup", "wall other"], predicates: ["on", "in front of"] };

describe("restrict", () => {
  it("keeps what the classes name and numbers the objects anew, relations with them", () => {
    const graph = {
      objects: ["man.1", "cup.2", "table.3", "cup.4", "Wall-other.5"].map((id) => ({
        id,
        bbox: box,
      })),
      relationships: [
        { subject: "cup.4", predicate: "in_front_of", object: "Wall-other.5" },
        { subject: "cup.2", predicate: "on", object: "table.3" },
        { subject: "cup.2", predicate: "under", object: "cup.4" },
        { subject: "cup.2", predicate: "on", object: "cup.4" },
      ],
    };
    expect(restrict(graph, classes)).toEqual({
      objects: ["cup.1", "cup.2", "Wall-other.3"].map((id) => ({ id, bbox: box })),
      relationships: [
        { subject: "cup.2", predicate: "in_front_of", object: "Wall-other.3" },
        { subject: "cup.1", predicate: "on", object: "cup.2" },
      ],
    });
  });

  it.each([
    ["no object", [], [{ subject: "cup.1", predicate: "on", object: "cup.1" }]],
    ["no relation", ["cup.1"], []],
    [
      "no relation of the classes",
      ["cup.1"],
      [{ subject: "cup.1", predicate: "by", object: "cup.1" }],
    ],
  ])("gives nothing when %s is left", (_, ids, relationships) => {
    const objects = ids.map((id) => ({ id, bbox: box }));
    expect(restrict({ objects, relationships }, classes)).toBeUndefined();
  });

  it("changes nothing but numbers when all names are known, and nothing the second time", () => {
    const all = {
      objects: ["man", "horse", "traffic light", "tree"],
      predicates: ["on", "riding", "in front of"],
    };
    fc.assert(
      fc.property(target(), (graph) => {
        const once = restrict(graph, all);
        const { objects, relationships } = graph;
        expect(once).toEqual(relationships.length > 0 ? { objects, relationships } : undefined);
        if (once) expect(restrict(once, all)).toEqual(once);
      }),
    );
  });
});

describe("the open-vocabulary split", () => {
  it("parts VG150 into 105 and 45 objects, 35 and 15 predicates", () => {
    const sizes = [ovdrBase, ovdrNovel].map(({ objects, predicates }) => [
      objects.length,
      predicates.length,
    ]);
    expect(sizes).toEqual([
      [105, 35],
      [45, 15],
    ]);
    expect([...ovdrBase.objects, ...ovdrNovel.objects].sort()).toEqual(vg150.objects);
    expect([...ovdrBase.predicates, ...ovdrNovel.predicates].sort()).toEqual(vg150.predicates);
  });

  it("knows the ids that the reference's evaluator calls unseen", () => {
    const ids = ovdrNovel.objects.map((name) => 1 + vg150.objects.indexOf(name));
    expect(ids.slice(0, 5)).toEqual([9, 10, 11, 20, 22]);
  });
});
