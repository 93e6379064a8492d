import { readdir, readFile, rename, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { shipped } from "../../src/root.ts";
import {
  addNode,
  addNpm,
  type Clone,
  emptyRegistry,
  freshClone,
  installs,
  killGroup,
  lines,
  until,
} from "./clone.ts";

const hasBegun = (clone: Clone) => async (): Promise<boolean> =>
  (await readdir(join(clone.root, "node_modules")).catch((): string[] => [])).includes("begun");

describe("bin/r1sgg", () => {
  it("runs the CLI through symlinks, from another folder, with arguments as they are", async () => {
    const clone = await freshClone();
    await addNode(clone);
    await symlink(join("a clone of r1sgg", "bin", "r1sgg"), join(clone.beside, "relative"));
    await symlink("relative", join(clone.beside, "r1"));
    const args = ["smoke", "a b", "", "*", "--out=x y"];
    const { stdout, exitCode } = await clone.start(args, { file: "../r1", cwd: clone.root });
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      args,
      cwd: clone.root,
      version: process.version,
      execArgv: ["--disable-warning=ExperimentalWarning"],
      cache: join(clone.cache, "compile-cache"),
    });
  });

  it("passes on the exit code of the CLI", async () => {
    const clone = await freshClone();
    await addNode(clone);
    expect((await clone.start(["exit", "5"])).exitCode).toBe(5);
  });

  it("installs the packages on the first start, says so, and is silent after that", async () => {
    const clone = await freshClone();
    await addNode(clone);
    const first = await clone.start();
    expect(lines(first.stderr)).toEqual([
      `r1sgg: installing the locked npm packages into ${clone.root}/node_modules (once, about 260 MB)`,
    ]);
    expect((await clone.start()).stderr).toBe("");
    expect(await installs(clone)).toBe(1);
  });

  it("installs again with the real npm when the lock has changed", async () => {
    const clone = await freshClone();
    await addNode(clone);
    await addNpm(clone);
    const options = { env: await emptyRegistry() }; // the lock names nothing to download
    expect((await clone.start([], options)).exitCode).toBe(0);
    await writeFile(
      join(clone.root, "package-lock.json"),
      (await readFile(join(clone.root, "package-lock.json"), "utf8")).replace("}", "}\n"),
    );
    expect((await clone.start([], options)).stderr).toContain("installing the locked npm packages");
    expect((await clone.start([], options)).stderr).toBe("");
  });

  it("lets one of two first starts install while the other waits and says so", async () => {
    const clone = await freshClone();
    await addNode(clone);
    const env = { NPM_SECONDS: "4" };
    const both = await Promise.all([clone.start(["1"], { env }), clone.start(["2"], { env })]);
    expect(both.map((one) => one.exitCode)).toEqual([0, 0]);
    expect(await installs(clone)).toBe(1);
    expect(both.map((one) => one.stderr).join("\n")).toContain(
      "r1sgg: waiting for another r1sgg that is installing the npm packages",
    );
  });

  it("takes over from a killed installer and does the cut-off installation again", async () => {
    const clone = await freshClone();
    await addNode(clone);
    const cutOff = clone.start([], { env: { NPM_SECONDS: "30" } });
    await until(hasBegun(clone));
    await killGroup(cutOff.pid!);
    await cutOff;
    const next = await clone.start();
    expect(next.exitCode).toBe(0);
    expect(next.stderr).not.toContain("waiting");
    expect(await installs(clone)).toBe(2);
  });

  it("waits for the npm of a launcher that was killed alone", async () => {
    const clone = await freshClone();
    await addNode(clone);
    const killed = clone.start([], { env: { NPM_SECONDS: "4" } });
    await until(hasBegun(clone));
    process.kill(killed.pid!, "SIGKILL");
    const next = await clone.start();
    await killed;
    expect(next.exitCode).toBe(0);
    expect(next.stderr).toContain("waiting for another r1sgg");
    expect(await readdir(join(clone.root, "node_modules"))).toContain("done");
  });

  it("says in one line that there is no network, and where npm's own words are", async () => {
    const clone = await freshClone();
    await addNode(clone);
    await addNpm(clone);
    await writeFile(join(clone.root, "package.json"), '{ "dependencies": { "tiny": "1.0.0" } }');
    await writeFile(
      join(clone.root, "package-lock.json"),
      '{ "lockfileVersion": 3, "packages": { "": { "dependencies": { "tiny": "1.0.0" } }, ' +
        '"node_modules/tiny": { "version": "1.0.0" } } }',
    );
    const env = { npm_config_registry: "http://127.0.0.1:9" };
    const { exitCode, stderr, stdout } = await clone.start([], { env });
    expect([exitCode, stdout]).toEqual([4, ""]);
    expect(lines(stderr)).toEqual([
      expect.stringMatching(
        /^r1sgg: Cannot install the npm packages: npm found no way to its registry \(ECONNREFUSED [^\n]*\), expected a network connection; npm's output is in /,
      ),
    ]);
    expect(await readFile(stderr.replace(/.* is in /, "").trim(), "utf8")).toContain(
      "ECONNREFUSED",
    );
  });

  it("says in one line what npm had against the lock", async () => {
    const clone = await freshClone();
    await addNode(clone);
    await addNpm(clone);
    await writeFile(join(clone.root, "package.json"), '{ "dependencies": { "tiny": "1.0.0" } }');
    const env = await emptyRegistry();
    const { exitCode, stderr } = await clone.start([], { env });
    expect([exitCode, lines(stderr)]).toEqual([
      4,
      [
        expect.stringContaining("r1sgg: installing the locked npm packages"),
        expect.stringMatching(/^r1sgg: Cannot install the npm packages: npm said "E\w+ /),
      ],
    ]);
  });
});

describe("an installed package", () => {
  it("runs its compiled CLI and installs nothing", async () => {
    const clone = await freshClone();
    await addNode(clone);
    await rename(join(clone.root, "src"), join(clone.root, "dist"));
    await rename(join(clone.root, "dist/cli/main.ts"), join(clone.root, "dist/cli/main.js"));
    await writeFile(join(clone.root, "dist/cli/main.js"), 'console.log("compiled");');
    const { stdout, stderr } = await clone.start();
    expect([stdout, stderr, await installs(clone)]).toEqual(["compiled", "", 0]);
  });
});

describe("bin/with-node", () => {
  it("runs a command with the pinned Node and the locked packages first on PATH", async () => {
    const clone = await freshClone();
    const file = join(clone.root, "bin/with-node");
    const { stdout, exitCode } = await clone.start(["sh", "-c", 'echo "$PATH"; exit 3'], { file });
    expect(exitCode).toBe(3);
    expect(stdout).toMatch(
      new RegExp(
        `^${clone.root}/node_modules/.bin:${clone.cache}/node/24.21.0/node_modules/node-linux-[^/]+/bin:`,
      ),
    );
  });

  it("keeps the order of PATH for a Node that was on it", async () => {
    const clone = await freshClone();
    await addNode(clone);
    const file = join(clone.root, "bin/with-node");
    const { stdout } = await clone.start(["sh", "-c", 'echo "$PATH"'], { file });
    expect(stdout).toBe(`${clone.root}/node_modules/.bin:${clone.beside}/tools`);
  });
});

it("states one version and one range in the launcher and in package.json", async () => {
  const setup = await readFile(shipped("bin/node/setup.sh"), "utf8");
  const pinned = JSON.parse(await readFile(shipped("bin/node/package.json"), "utf8"));
  const { engines } = JSON.parse(await readFile(shipped("package.json"), "utf8"));
  expect(setup).toContain(`wanted='${engines.node}'`);
  for (const version of Object.values(pinned.optionalDependencies)) {
    expect(setup).toContain(`pinned=${version}\n`);
  }
});
