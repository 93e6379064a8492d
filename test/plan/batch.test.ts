import fc from "fast-check";
import { expect, it } from "vitest";
import { divide } from "../../src/plan/batch.ts";
import { rowsOf, stepsOf } from "../../src/plan/steps.ts";
import { grpo, sft } from "./recipes.ts";

it.each([
  [16, { perStep: 256, perDevice: 4, accumulation: 4 }],
  [8, { perStep: 256, perDevice: 4, accumulation: 8 }],
  [4, { perStep: 256, perDevice: 4, accumulation: 16 }],
  [1, { perStep: 256, perDevice: 4, accumulation: 64 }],
])("cuts the paper's 256 completions for %d trainers", (trainers, batch) => {
  expect(divide(grpo(), trainers)).toEqual({ batch });
});

it("refuses 12 trainers with 240 and 288 completions, and the number of trainers that fits", () => {
  expect(divide(grpo(), 12)).toEqual({
    fault:
      "grpo.prompts_per_step: 256 completions a step do not divide by 12 trainers x 4 a device, expected 240 (30 prompts) or 288 (36 prompts), or 8 trainers",
  });
});

it("refuses rows that do not divide", () => {
  expect(divide(sft({ batch_size: 100, per_device_batch_size: 3 }), 4)).toEqual({
    fault:
      "sft.batch_size: 100 rows a step do not divide by 4 trainers x 3 a device, expected 96 or 108",
  });
});

const small = fc.integer({ min: 1, max: 40 });

it("cuts a step into equal parts, or names a batch that can be cut", () => {
  const group = fc.integer({ min: 2, max: 16 });
  fc.assert(
    fc.property(small, group, small, small, (prompts, num_generations, perDevice, trainers) => {
      const ask = (prompts_per_step: number) =>
        divide(
          grpo({ prompts_per_step, num_generations, per_device_batch_size: perDevice }),
          trainers,
        );
      const divided = ask(prompts);
      const total = prompts * num_generations;
      if ("batch" in divided) {
        const { perStep, accumulation } = divided.batch;
        expect([perStep, trainers * perDevice * accumulation]).toEqual([total, total]);
        return;
      }
      expect(total % (trainers * perDevice)).not.toBe(0);
      const named = [...divided.fault.matchAll(/\((\d+) prompts\)/g)].map(([, count]) =>
        Number(count),
      );
      expect(named.length).toBeGreaterThan(0);
      for (const count of named) expect(ask(count)).toHaveProperty("batch");
      const between = named.map((count) => Math.abs(count - prompts));
      for (let near = 1; near < between[0]!; near++)
        for (const count of [prompts - near, prompts + near])
          if (count > 0) expect(ask(count)).toHaveProperty("fault");
    }),
  );
});

const source = (rows: number) => ({ data: { train: { path: "/rows", rows } } });

it.each([
  // 56,224 rows over 4 x 4 are 3,514 batches, by 8 are 439.25 steps, three times 440
  [sft(), 4, 1320],
  [sft({ epochs: 0.5 }), 4, 220],
  [sft({ steps: 7, epochs: undefined }), 4, 7],
  [sft({}, source(128)), 4, 3],
  [sft({}, source(129)), 4, 6],
  // 56,224 / 32 = 1,757 whole steps
  [grpo(), 16, 1757],
  [grpo({ num_iterations: 2 }), 16, 3514],
  [grpo({}, {}, source(63)), 16, 1],
  [grpo({}, {}, source(31)), 16, 0],
])("counts steps, case %#", (recipe, trainers, steps) => {
  const divided = divide(recipe, trainers);
  expect(stepsOf(recipe, "batch" in divided ? divided.batch : (undefined as never), trainers)).toBe(
    steps,
  );
});

it.each([
  [{ path: "/x", rows: 100 }, 100],
  [{ path: "/x", rows: 100, first: 10 }, 10],
  [{ path: "/x", rows: 100, skip: 95, first: 10 }, 5],
  [{ path: "/x", rows: 100, skip: 200 }, 0],
  [{ path: "/x" }, null],
  [{ synth: { count: 7, seed: 0 } }, 7],
])("counts the rows of %j", (from, rows) => expect(rowsOf(from)).toBe(rows));
