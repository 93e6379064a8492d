import { expect, it } from "vitest";
import { vg150 } from "../../../src/core/classes/vg150.ts";
import { predicateGroups } from "../../../src/core/metrics/predicate-groups.ts";
import { vg150Frequencies } from "../../../src/core/metrics/vg150-frequencies.ts";

const at = (value: number) => ({ "20": value, "50": value, "100": value });

it("cuts the predicates into thirds by frequency and averages those that the truth has", () => {
  const counts = new Map([
    ["on", 9],
    ["in", 5],
    ["near", 5],
  ]);
  const recalls = new Map([
    ["on", at(90)],
    ["near", at(30)],
    ["eats", at(10)],
  ]);
  const predicates = ["eats", "near", "in", "on", "says", "bites", "licks"];
  expect(predicateGroups(predicates, recalls, { source: "here", counts })).toEqual({
    frequencies: "here",
    head: { predicates: ["on", "near"], mean_recall: at(60) },
    body: { predicates: ["in", "eats"], mean_recall: at(10) },
    tail: {
      predicates: ["says", "bites", "licks"],
      mean_recall: { "20": null, "50": null, "100": null },
    },
  });
});

it("knows how often VG150's predicates are, and cuts them 16, 17, 17", () => {
  expect(new Set(vg150Frequencies.counts.keys())).toEqual(new Set(vg150.predicates));
  const { head, body, tail } = predicateGroups(vg150.predicates, new Map(), vg150Frequencies);
  expect([head, body, tail].map(({ predicates }) => predicates.length)).toEqual([16, 17, 17]);
  expect(head.predicates.slice(0, 3)).toEqual(["on", "has", "in"]);
  expect(tail.predicates.at(-1)).toBe("walking in");
});
