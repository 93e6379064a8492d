import { mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { synthesize } from "../../src/data/synthesize.ts";
import { newFolder } from "../../src/data/temporary-folder.ts";
import { shipped } from "../../src/root.ts";
import { requires } from "../helpers/requires.ts";
import { temporaryFolder } from "./rows-file.ts";

const refusal = (out: string, found: string) => ({
  code: "USAGE",
  message: `Cannot write "${out}": ${found}, expected a new or empty folder`,
});

describe("newFolder", () => {
  it("is where a link leads, so that the link stays and its folder is filled", async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, "real"));
    const out = join(folder, "link");
    await symlink("real", out);
    await synthesize({ count: 1, seed: 0, out });
    expect(await readdir(folder)).toEqual(["link", "real"]);
    expect(await readFile(join(folder, "real/scenes.jsonl"))).toEqual(
      await readFile(join(out, "scenes.jsonl")),
    );
  });

  it("refuses a link to nowhere, a file, and the folder we are in, before any work", async () => {
    const folder = await temporaryFolder();
    const [link, file] = [join(folder, "link"), join(folder, "file")];
    await symlink("nowhere", link);
    await writeFile(file, "");
    await expect(newFolder(link)).rejects.toMatchObject(refusal(link, "a link to nowhere"));
    await expect(newFolder(file)).rejects.toMatchObject({
      code: "USAGE",
      message: expect.stringMatching(
        /^Cannot write ".*file": ENOTDIR: .*, expected a new or empty/,
      ),
    });
    const here = join(folder, "here");
    await mkdir(here);
    const { stderr, exitCode } = await execa(
      process.execPath,
      [shipped("src/cli/main.ts"), "data", "synth", "--count", "1", "--out", "."],
      { cwd: here, reject: false },
    );
    expect([exitCode, stderr]).toEqual([
      2,
      `r1sgg: ${refusal(".", "the folder you are in").message}`,
    ]);
    expect(await readdir(here)).toEqual([]);
  });

  // A disk in a mount namespace of its own that ends with the process.
  requires("mounts").it("refuses the root of a disk, which nothing can be renamed to", async () => {
    const folder = await temporaryFolder();
    const main = shipped("src/cli/main.ts");
    const { stderr, exitCode } = await execa(
      "unshare",
      [
        ...["--map-root-user", "--mount", "sh", "-c"],
        'mount -t tmpfs tmpfs "$1" && exec "$2" "$3" data synth --count 1 --out "$1"',
        ...["sh", folder, process.execPath, main],
      ],
      { reject: false },
    );
    expect([exitCode, stderr]).toEqual([
      2,
      `r1sgg: ${refusal(folder, "the root of a disk").message}`,
    ]);
  });
});
