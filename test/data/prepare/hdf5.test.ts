import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readHdf5 } from "../../../src/data/prepare/hdf5.ts";
import { temporaryFolder } from "../rows-file.ts";
import { writeHdf5 } from "./write-hdf5.ts";

const layout = { list: 1, table: 2 };

describe("readHdf5", () => {
  it("reads what was asked for as 32-bit numbers, whatever width they have in the file", async () => {
    const path = await writeHdf5("whole.h5", {
      list: { data: BigInt64Array.of(3n, -1n, 5n), shape: [3, 1] },
      table: { data: Int16Array.of(1, 2, 3, 4), shape: [2, 2] },
      other: { data: Float64Array.of(0.5), shape: [1] },
    });
    expect(await readHdf5(path, layout)).toEqual({
      list: Int32Array.of(3, -1, 5),
      table: Int32Array.of(1, 2, 3, 4),
    });
  });

  it("names every data set that is missing", async () => {
    const path = await writeHdf5("lacks.h5", { other: { data: Int32Array.of(1), shape: [1] } });
    await expect(readHdf5(path, layout)).rejects.toThrow(
      `Cannot use "${path}": no data set list, table, expected all of list, table`,
    );
  });

  it.each([
    ["of another shape", { data: Int32Array.of(1, 2, 3), shape: [1, 3] }, "1 x 3 numbers"],
    ["of fractions", { data: Float32Array.of(1, 2), shape: [1, 2] }, 'of the kind "<f"'],
  ])("refuses a data set %s", async (_, table, found) => {
    const path = await writeHdf5("odd.h5", { list: { data: Int32Array.of(1), shape: [1] }, table });
    await expect(readHdf5(path, layout)).rejects.toThrow(
      `Cannot use "${path}": table is ${found}, expected whole numbers in 2 columns`,
    );
  });

  it("says of a file that is cut off how much is there, and prints nothing itself", async () => {
    const path = await writeHdf5("cut.h5", { list: { data: new Int32Array(999), shape: [999] } });
    const whole = await readFile(path);
    await writeFile(path, whole.subarray(0, 2100));
    await expect(readHdf5(path, layout)).rejects.toThrow(
      `Cannot use "${path}": cut off after 2100 bytes, expected all ${whole.length} of them`,
    );
  });

  it("says of a file that is missing or no HDF5 what it is", async () => {
    const folder = await temporaryFolder();
    const text = join(folder, "text.h5");
    await writeFile(text, "hello");
    await expect(readHdf5(text, layout)).rejects.toThrow(
      `Cannot use "${text}": no HDF5 file, expected one`,
    );
    const absent = join(folder, "absent.h5");
    await expect(readHdf5(absent, layout)).rejects.toThrow(
      `Cannot read "${absent}": no such file, expected an HDF5 file`,
    );
    await expect(readHdf5(folder, layout)).rejects.toThrow(/^Cannot use ".+": .+, expected /);
  });
});
