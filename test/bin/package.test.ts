import { mkdir, mkdtemp, readdir, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { expect, it, onTestFinished } from "vitest";
import { shipped } from "../../src/root.ts";

it("packs a package whose command works where npm installs it", async () => {
  const folder = await mkdtemp(join(tmpdir(), "r1sgg-package-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const pack = ["pack", "--silent", "--pack-destination", folder];
  const { stdout: tarball } = await execa("npm", pack, { cwd: shipped(".") });

  const installed = join(folder, "node_modules/r1sgg");
  await mkdir(installed, { recursive: true });
  await execa("tar", [
    "-xzf",
    join(folder, tarball.trim()),
    "--strip-components=1",
    "-C",
    installed,
  ]);
  for (const name of await readdir(shipped("node_modules"))) {
    await symlink(shipped(`node_modules/${name}`), join(folder, "node_modules", name));
  }
  await mkdir(join(folder, "bin"));
  await symlink("../node_modules/r1sgg/bin/r1sgg", join(folder, "bin/r1sgg"));

  const { stdout, stderr } = await execa(join(folder, "bin/r1sgg"), ["--help"], { cwd: folder });
  expect(stdout).toContain("Usage: r1sgg");
  expect(stderr).toBe("");
  const shippedFiles = (await readdir(installed, { recursive: true })).map(String);
  expect(shippedFiles).toEqual(
    expect.arrayContaining([
      "LICENSE",
      "bin/node/package-lock.json",
      "containers/worker/requirements-cpu.txt",
      "containers/worker/src/r1sgg_worker/__main__.py",
      "src/similarity/en_core_web_sm-3.8.0/LICENSE",
    ]),
  );
  expect(
    shippedFiles.filter((path) => /(^|\/)(tests?|__pycache__|\.mypy_cache)(\/|$)/.test(path)),
  ).toEqual([]);

  // Its model lies where its code looks for it.
  const module = join(installed, "dist/similarity/providers.js");
  const program = `import { similarityProvider } from ${JSON.stringify(module)};
console.log((await similarityProvider("native")).similarity("person", "man").toFixed(5))`;
  const similarity = await execa(process.execPath, ["--input-type=module", "-e", program]);
  expect(similarity.stdout).toBe("0.80984");
});
