import { describe, expect, it } from "vitest";
import { evaluate, strictMetrics } from "../../../src/core/metrics/evaluate.ts";
import { prepare } from "../../../src/core/metrics/figures.ts";
import { strictProtocol } from "../../../src/core/metrics/protocol.ts";
import { exactName, similarName, toReader, unswapped } from "../../../src/core/metrics/reader.ts";
import { tallyOf } from "../../../src/core/metrics/tally.ts";
import { classes, graph, row } from "./scenes.ts";

/** Share of letters in common places, which is enough of a similarity here. */
const alike = (a: string, b: string): number =>
  [...a].filter((letter, i) => b[i] === letter).length / Math.max(a.length, b.length);

describe("similarName", () => {
  it("takes the most similar class from the threshold on", () => {
    const read = similarName(["cat", "cart"], alike, 0.5);
    expect(read("cats")).toBe("cat"); // 3 of 4, and 2 of 4 for cart
    expect(read("dog")).toBeUndefined();
    expect(similarName(["cat"], alike, 0.75)("cats")).toBe("cat");
    expect(similarName(["cat"], alike, 0.76)("cats")).toBeUndefined();
  });

  it("takes the first of equally similar classes", () => {
    expect(similarName(["bat", "hat"], alike, 0.5)("cat")).toBe("bat");
  });

  it("does not ask about a name that is a class", () => {
    const never = () => {
      throw new TypeError("asked");
    };
    expect(similarName(["Palm-Tree"], never, 0)("palm tree")).toBe("palm tree");
  });

  it("takes a similarity of NaN for none", () => {
    expect(similarName(["cat"], () => Number.NaN, 0)("dog")).toBeUndefined();
  });
});

it("asks once about each name", () => {
  const asked: string[] = [];
  const reader = toReader(
    (name) => {
      asked.push(name);
      return name === "cat" ? "cat" : undefined;
    },
    unswapped(exactName(["on"])),
  );
  for (const name of ["cat", "ufo", "cat", "ufo"]) reader.object(name);
  expect(asked).toEqual(["cat", "ufo"]);
  expect(reader.predicate("ON")).toEqual({ name: "on", swapped: false });
});

it("judges an open vocabulary by the similarity of its names", () => {
  const truth = graph({ "cat.1": [0, 0, 10, 10], "hat.2": [0, 20, 10, 30] }, ["cat.1 on hat.2"]);
  const said = graph({ "cats.1": [0, 0, 10, 10], "hats.2": [0, 20, 10, 30] }, ["cats.1 on hats.2"]);
  const read = (names: readonly string[]) => similarName(names, alike, 0.7);
  const answer = toReader(read(classes.objects), unswapped(read(classes.predicates)));
  const rows = [row(truth, said)];
  expect(evaluate(rows, classes).recall["20"]).toBe(0);
  const similar = strictMetrics(prepare(tallyOf(rows, strictProtocol(classes, { answer }))));
  expect(similar).toMatchObject({ ap50: 100, recall: { "20": 100 } });
});
