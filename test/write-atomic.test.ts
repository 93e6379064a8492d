import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { expect, it, onTestFinished } from "vitest";
import { shipped } from "../src/root.ts";
import { writeAtomic } from "../src/write-atomic.ts";
import { requires } from "./helpers/requires.ts";

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "r1sgg-write-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

it("replaces a file whole", async () => {
  const folder = await temporaryFolder();
  const path = join(folder, "a.json");
  await writeAtomic(path, "1");
  await writeAtomic(path, "22");
  expect(await readFile(path, "utf8")).toBe("22");
  expect(await readdir(folder)).toEqual(["a.json"]);
});

it("lets our own faults through as they are", async () => {
  await expect(writeAtomic(join(await temporaryFolder(), "no", "a"), "1")).rejects.toThrow(
    /ENOENT/,
  );
});

// A real disk of 64 KiB, in a mount namespace of its own that ends with the process.
requires("mounts").it(
  "keeps the old file and leaves nothing else when the disk is full",
  async () => {
    const folder = await temporaryFolder();
    const program = `
    import { writeAtomic } from ${JSON.stringify(shipped("src/write-atomic.ts"))};
    import { readdirSync, readFileSync } from "node:fs";
    await writeAtomic("a.json", "old");
    const error = await writeAtomic("a.json", "x".repeat(100_000)).catch((error) => error);
    console.log(JSON.stringify([error.code, error.message, readFileSync("a.json", "utf8"), readdirSync(".")]));`;
    const { stdout } = await execa("unshare", [
      ...["--map-root-user", "--mount", "sh", "-c"],
      'mount -t tmpfs -o size=64k tmpfs "$1" && cd "$1" && exec "$2" --input-type=module -e "$3"',
      ...["sh", folder, process.execPath, program],
    ]);
    expect(JSON.parse(stdout)).toEqual([
      "LAUNCH",
      'Cannot write "a.json": ENOSPC: no space left on device, write, expected a disk with room that we may write to',
      "old",
      ["a.json"],
    ]);
  },
);
