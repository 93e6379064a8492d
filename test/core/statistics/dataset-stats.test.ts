import { expect, it } from "vitest";
import {
  type DatasetFacts,
  datasetStats,
  nameCounts,
} from "../../../src/core/statistics/dataset-stats.ts";

const facts: DatasetFacts = {
  ids: ["a", "b", "c"],
  ...{ widths: [10, 20, 30], heights: [5, 5, 5], objects: [1, 2, 3], relations: [0, 0, 1] },
  names: new Map([
    ["cup", 2],
    ["table", 3],
    ["cat", 1],
  ]),
  predicates: new Map([["on", 1]]),
  imageTokens: [4, 5, 6],
};
const limits = { max_prompt_length: 100, max_completion_length: 10, max_model_len: 105 };

it("names the rows over each limit; a limit itself is no excess", () => {
  const counted = { ...facts, promptTokens: [100, 101, 90], answerTokens: [10, 4, 16] };
  const { exceeding, tokens } = datasetStats(counted, limits);
  expect(exceeding).toEqual([
    { limit: "max_prompt_length", most: 100, ids: ["b"] },
    { limit: "max_completion_length", most: 10, ids: ["c"] },
    { limit: "max_model_len", most: 105, ids: ["a", "c"] },
  ]);
  expect(tokens.all).toMatchObject({ least: 105, most: 110, total: 321 });
});

it("knows of images alone when texts were not counted", () => {
  const { exceeding, tokens, rows, objects } = datasetStats(facts, limits);
  expect([rows, objects.total, exceeding, Object.keys(tokens)]).toEqual([3, 6, [], ["image"]]);
});

it("orders names by how often they occur, and counts how many make half", () => {
  const counts = nameCounts(
    new Map([
      ["b", 2],
      ["a", 2],
      ["z", 5],
      ["y", 1],
    ]),
  );
  expect(counts.names.map(({ name }) => name)).toEqual(["z", "a", "b", "y"]);
  expect([counts.total, counts.half, counts.ninety]).toEqual([10, 1, 3]);
  expect(nameCounts(new Map())).toEqual({ names: [], total: 0, half: 0, ninety: 0 });
});
