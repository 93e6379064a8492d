import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readAroundList } from "../../../src/data/prepare/json-list.ts";
import { temporaryFolder } from "../rows-file.ts";

async function read(text: string): Promise<{ readonly items: unknown[]; readonly rest: unknown }> {
  const path = join(await temporaryFolder(), "a.json");
  await writeFile(path, text);
  const items: unknown[] = [];
  const rest = await readAroundList(path, "data", "a.json", (item, place) => {
    expect(place).toBe(items.length);
    items.push(item);
  });
  return { items, rest };
}

describe("readAroundList", () => {
  it("hands over the items of the list and gives the rest", async () => {
    const text =
      '{"a": [1, [2]], "data": [{"x": [1, 2]}, "]},", 3, null, [[]]], "z": {"data": [7]}}';
    expect(await read(text)).toEqual({
      items: [{ x: [1, 2] }, "]},", 3, null, [[]]],
      rest: { a: [1, [2]], data: [], z: { data: [7] } },
    });
    expect(await read('{ "data" :\n [ ] }')).toEqual({ items: [], rest: { data: [] } });
  });

  it("agrees with JSON.parse on any object", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.array(fc.jsonValue()),
        fc.constantFrom(undefined, 1),
        async (others, data, indent) => {
          const whole = JSON.parse(JSON.stringify({ ...others, data }));
          const { items, rest } = await read(JSON.stringify(whole, undefined, indent));
          expect({ ...(rest as object), data: items }).toEqual(whole);
        },
      ),
      { numRuns: 300 },
    );
  });

  it("keeps items whole that lie across the pieces in which the file is read", async () => {
    const item = { text: 'brackets ]}{[, a quote \\" and ümlauts'.repeat(50), list: [1, { a: 2 }] };
    const data = Array.from({ length: 2000 }, (_, number) => ({ number, ...item }));
    const { items, rest } = await read(JSON.stringify({ data, last: "x" })); // 4 MB
    expect(items).toEqual(data);
    expect(rest).toEqual({ data: [], last: "x" });
  });

  it.each([
    ["cut off in an item", '{"data": [{"a": 1}, {"a":', "broken JSON ("],
    ["cut off after an item", '{"data": [{"a": 1}', "broken JSON ("],
    ["broken in an item", '{"data": [{"a": 1}, {a: 2}]}', "broken JSON in data.1 ("],
    ["with an item left out", '{"data": [1, , 2]}', "broken JSON in data.1 ("],
    ["with a comma too many", '{"data": [1, 2,]}', "broken JSON in data.2 ("],
  ])("refuses a file %s", async (_, text, message) => {
    await expect(read(text)).rejects.toThrow(message);
  });
});
