import { expect, it } from "vitest";
import { z } from "zod";
import { maxTold } from "../../src/reward/check.ts";
import { listOf } from "../../src/reward/fields.ts";

it("looks at no more entries once enough faults are found", () => {
  let looks = 0;
  const never = z.unknown().refine(() => {
    looks += 1;
    return false;
  }, "something else");
  const result = listOf(never, "a list").safeParse(Array(1000).fill(0));
  expect(result.error?.issues).toHaveLength(maxTold + 1);
  expect(looks).toBe(maxTold + 1);
});

it("gives all entries of a list without faults", () => {
  const list = Array.from({ length: 1000 }, (_, i) => i);
  expect(listOf(z.number(), "a list").parse(list)).toEqual(list);
});
