import { expect, it } from "vitest";
import { duration, seconds } from "../../src/recipe/duration.ts";

it.each([
  ["00:00:09", 9],
  ["00:05:00", 300],
  ["12:00:00", 43_200],
  ["1-02:00:30", 93_630],
  ["10-00:00:00", 864_000],
])("reads %s and writes it", (text, value) => {
  expect(seconds(text)).toBe(value);
  expect(duration(value)).toBe(text);
});
