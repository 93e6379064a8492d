import { readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { shipped } from "../../src/root.ts";
import { addNode, freshClone, installs, killGroup, lines, until } from "./clone.ts";

describe("bin/r1sgg without a Node that it accepts", () => {
  it("says in one line that it found neither Node nor npm", async () => {
    const clone = await freshClone();
    await clone.program("npm", "exit 1");
    await rm(join(clone.beside, "tools/npm"));
    const { exitCode, stderr } = await clone.start();
    expect([exitCode, lines(stderr)]).toEqual([
      4,
      [
        "r1sgg: Cannot start: found no Node on PATH and no npm, expected Node ^22.19 || ^24 || >=26, or npm to install it with",
      ],
    ]);
  });

  it("names an old Node where there is no npm to mend it", async () => {
    const clone = await freshClone();
    await rm(join(clone.beside, "tools/npm"));
    await clone.program("node", "echo v18.20.4 /usr/bin/node");
    const { exitCode, stderr } = await clone.start();
    expect([exitCode, lines(stderr)]).toEqual([
      4,
      [expect.stringContaining(`found Node v18.20.4 (${clone.beside}/tools/node) and no npm`)],
    ]);
  });

  it("installs the pinned Node beside an old one, once for all clones, and remembers it", async () => {
    const clone = await freshClone();
    await clone.program("node", 'echo asked >>"$NPM_CALLS"; echo v18.20.4 /usr/bin/node');
    const first = await clone.start(["first"]);
    expect([first.exitCode, first.stderr]).toEqual([0, expect.any(String)]);
    expect(lines(first.stderr)[0]).toBe(
      `r1sgg: installing Node 24.21.0 (once, 60 MB): found Node v18.20.4 (${clone.beside}/tools/node), expected ^22.19 || ^24 || >=26`,
    );
    expect(JSON.parse(first.stdout).args).toEqual(["first"]);
    await rename(clone.root, `${clone.root} moved`);
    const second = await clone.start([], { file: `${clone.root} moved/bin/r1sgg` });
    expect([second.exitCode, second.stderr]).toEqual([0, ""]);
    expect((await clone.npmCalls()).filter((call) => call === "asked")).toHaveLength(1);
  });

  it("does a cut-off installation of Node again", async () => {
    const clone = await freshClone();
    const cutOff = clone.start([], { env: { NPM_SECONDS: "30" } });
    await until(async () => (await installs(clone)) === 1);
    await killGroup(cutOff.pid!);
    await cutOff;
    expect((await clone.start()).exitCode).toBe(0);
  });

  it("says in one line that the installed Node does not run on this machine", async () => {
    const clone = await freshClone();
    const env = { REAL_NODE: "/nowhere" };
    await clone.program(
      "npm",
      '[ "$1" = ci ] || exit 0; for n in x64 arm64; do mkdir -p node_modules/node-linux-$n/bin; printf "#!/bin/sh\\necho no glibc here >&2; exit 127\\n" >node_modules/node-linux-$n/bin/node; chmod +x node_modules/node-linux-$n/bin/node; done',
    );
    const { exitCode, stderr } = await clone.start([], { env });
    expect([exitCode, lines(stderr).at(-1)]).toEqual([
      4,
      expect.stringContaining('Cannot run the installed Node 24.21.0: it said "no glibc here"'),
    ]);
  });

  it("looks again when another Node comes first on PATH", async () => {
    const clone = await freshClone();
    await clone.start();
    await addNode(clone);
    await clone.start();
    const memory = await readFile(join(clone.cache, "node/chosen"), "utf8");
    expect(memory.split("\n")[0]).toBe(process.execPath);
  });

  it.each([
    ["v18.20.4", false],
    ["v22.18.0", false],
    ["v22.19.0", true],
    ["v23.11.0", false],
    ["v24.0.0", true],
    ["v25.1.0", false],
    ["v26.0.0", true],
    ["v30.1.0", true],
    ["nonsense", false],
    ["", false],
  ])("decides on %s as engines of package.json do", async (version, accepted) => {
    const script = 'root=/nowhere; . "$1"; accepts "$2"';
    const args = ["-c", script, "sh", shipped("bin/node/setup.sh"), version];
    expect(!(await execa("sh", args, { reject: false })).failed).toBe(accepted);
  });
});
