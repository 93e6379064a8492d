import { describe, expect, it } from "vitest";
import { packageProgress } from "../../../src/launch/python/package-progress.ts";
import { uvFailure } from "../../../src/launch/python/uv-failure.ts";

describe("packageProgress", () => {
  it("names what is still to come and how much has been written", () => {
    const said: string[] = [];
    const { onLine, onTick } = packageProgress("packages", (text) => said.push(text));
    onTick(0);
    onLine("Downloading torch (812.3MiB)");
    onLine("Downloading scipy (33.6MiB)");
    onTick(1.26e9);
    onLine(" Downloaded torch");
    onTick(2e9);
    onLine(" Downloaded scipy");
    onLine("Prepared 2 packages in 12.4s");
    onTick(2.1e9);
    onLine("Installed 2 packages in 1s");
    expect(said).toEqual([
      "packages: reading the lock; 0.0 GB written",
      "packages: downloading torch (812.3MiB) and 1 more; 1.3 GB written",
      "packages: downloading scipy (33.6MiB); 2.0 GB written",
      "packages: prepared 2 packages in 12.4s",
      "packages: linking them into place; 2.1 GB written",
      "packages: installed 2 packages in 1s",
    ]);
  });
});

describe("uvFailure", () => {
  it.each([
    ["error: failed to write\n  cause: No space left on device (os error 28)", "the disk is full"],
    [
      "error: Failed to fetch: http://index/simple/torch/\n  cause: dns error",
      'Cannot download "torch" of packages: dns error, expected a network connection',
    ],
    [
      "Using Python\nerror: No solution found\n  cause: torch has no usable wheels\n\nhint: more",
      'uv said "No solution found; torch has no usable wheels; hint: more"',
    ],
  ])("turns %j into one line", (words, expected) => {
    const { message } = uvFailure("packages", words.split("\n"));
    expect(message).toContain(expected);
    expect(message).not.toContain("\n");
  });
});
