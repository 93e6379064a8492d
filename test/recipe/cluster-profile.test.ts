import { describe, expect, it } from "vitest";
import { loadClusterProfile, parseClusterProfile } from "../../src/recipe/load-cluster-profile.ts";
import { shipped } from "../../src/root.ts";

const minimal = `
name: tiny
node: { gpus: 4, gpu: a100, cpus: 8, memory_gib: 16, arch: x86_64 }
slurm: { time_limit: "01:00:00" }
storage: { runs: "/scratch/runs" }
`;

const parse = (text: string, env: Record<string, string> = {}) =>
  parseClusterProfile("c.yaml", text, env);

describe("loadClusterProfile", () => {
  it.each(["generic-a100", "alps-gh200", "infiniband"])(
    "takes our own profile %s",
    async (name) => {
      const env = { SCRATCH: "/scratch", R1SGG_ACCOUNT: "a01" };
      const profile = await loadClusterProfile(shipped(`slurm/${name}.yaml`), env);
      expect(profile).toMatchObject({
        name,
        node: { gpus: 4 },
        storage: { runs: "/scratch/r1sgg/runs" },
      });
    },
  );

  it("fills in what a profile leaves out", () => {
    expect(parse(minimal)).toMatchObject({
      slurm: { partition: null, exclusive: true, grace_seconds: 60, max_requeues: 20 },
      runtime: { kind: "none" },
      ports: { first: 20_000, last: 29_999 },
      secrets: [],
    });
  });

  it("tells every fault with its path at once, unset variables and unknown keys too", () => {
    const text = minimal
      .replace("/scratch/runs", `\${NO_SUCH}/runs`)
      .replace("cpus: 8", "cpus: none, colour: red")
      .replace('"01:00:00"', "soon");
    expect(() => parse(text)).toThrow(
      /^Cannot use cluster profile "c\.yaml": storage\.runs: variable NO_SUCH is not set.*node\.cpus: .*node: .*colour.*slurm\.time_limit: expected a time/,
    );
  });

  it("takes a variable's value, else what stands after :-, and leaves setup to bash", () => {
    const text = minimal.replace("/scratch/runs", `\${BASE:-/else}/runs`);
    const setup = `setup: ["export A=\${BASE}"]\n`;
    expect(parse(text).storage.runs).toBe("/else/runs");
    const found = parse(`${text}${setup}`, { BASE: "/here" });
    expect([found.storage.runs, found.setup]).toEqual(["/here/runs", [`export A=\${BASE}`]]);
  });

  it.each([
    ["a name with a blank", minimal.replace("time_limit", 'partition: "a b", time_limit')],
    [
      "a second option in a name",
      minimal.replace("time_limit", 'account: "a\\n#SBATCH -N9", time_limit'),
    ],
    ["a range of few ports", `${minimal}ports: { first: 2000, last: 2010 }\n`],
    ["a GPU type without GPUs", minimal.replace("gpus: 4", "gpus: 0")],
    ["a container without images", `${minimal}runtime: { kind: pyxis }\n`],
    ["a relative run folder", minimal.replace("/scratch/runs", "runs")],
  ])("refuses %s", (_, text) => {
    expect(() => parse(text)).toThrow(/^Cannot use cluster profile/);
  });
});
