import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadClusterProfile } from "../../src/recipe/load-cluster-profile.ts";
import { shipped } from "../../src/root.ts";

const minimal = `
name: tiny
node: { gpus: 4, gpu: a100, cpus: 8, memory_gib: 16, arch: x86_64 }
slurm: { time_limit: "01:00:00" }
storage: { runs: "/scratch/runs" }
`;

describe("loadClusterProfile", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "r1sgg-profile-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const load = async (text: string, environment: Record<string, string> = {}) => {
    const path = join(folder, "c.yaml");
    await writeFile(path, text);
    return loadClusterProfile(path, { environment });
  };

  it.each(["generic-a100", "alps-gh200", "infiniband"])(
    "takes our own profile %s",
    async (name) => {
      const environment = { SCRATCH: "/scratch", R1SGG_ACCOUNT: "a01" };
      const profile = await loadClusterProfile(shipped(`slurm/${name}.yaml`), { environment });
      expect(profile).toMatchObject({ name, storage: { runs: "/scratch/r1sgg/runs" } });
      expect(profile.node.gpus).toBe(4);
    },
  );

  it("refuses an EDF that mixes the two ways to Slingshot, which would run at a twentieth of the speed", async () => {
    const edf = (annotations: string) =>
      load(
        `${minimal}runtime: { kind: edf, images: { worker: w, sampler: s, reward: r }, annotations: { ${annotations} } }\n`,
      );
    await expect(
      edf('com.hooks.aws_ofi_nccl.enabled: "true", com.hooks.cxi.enabled: "false"'),
    ).rejects.toThrow(
      /c\.yaml:6: runtime\.annotations: found .*, expected com\.hooks\.aws_ofi_nccl\.enabled .* not both/,
    );
    expect(await edf('com.hooks.aws_ofi_nccl.enabled: "true"')).toMatchObject({ name: "tiny" });
  });

  it("tells an unset variable once, and not what it left behind", async () => {
    const unset = minimal.replace('"/scratch/runs"', `"\${env:NOWHERE}/runs"`);
    await expect(load(unset)).rejects.toThrow(
      /^Cannot use recipe "[^"]*c\.yaml": [^"]*c\.yaml:5: environment variable NOWHERE is not set, expected a value$/,
    );
  });

  it("fills in what a profile leaves out", async () => {
    expect(await load(minimal)).toMatchObject({
      slurm: { partition: null, exclusive: true, grace_seconds: 60, max_requeues: 20 },
      runtime: { kind: "none" },
      ports: { first: 20_000, last: 29_999 },
      secrets: [],
    });
  });

  it("tells every fault with its line and path at once, unset variables and unknown keys too", async () => {
    const text = minimal
      .replace("/scratch/runs", `\${env:NO_SUCH}/runs`)
      .replace("cpus: 8", "cpus: none, colour: red")
      .replace('"01:00:00"', "soon");
    await expect(load(text)).rejects.toThrow(
      /c\.yaml:5: environment variable NO_SUCH is not set.*\n.*c\.yaml:3: node\.cpus: .*\n.*c\.yaml:3: node\.colour: unknown.*\n.*c\.yaml:4: slurm\.time_limit: found "soon", expected a time/,
    );
  });

  it.each([
    ["a name with a blank", minimal.replace("time_limit", 'partition: "a b", time_limit')],
    [
      "a second line in a name",
      minimal.replace("time_limit", 'account: "a\\n#SBATCH", time_limit'),
    ],
    ["a range of few ports", `${minimal}ports: { first: 2000, last: 2010 }\n`],
    ["a GPU type without GPUs", minimal.replace("gpus: 4", "gpus: 0")],
    ["a container without images", `${minimal}runtime: { kind: pyxis }\n`],
    ["a signal before the job starts", minimal.replace("01:00:00", "00:10:00")],
    ["a relative run folder", minimal.replace("/scratch/runs", "runs")],
  ])("refuses %s", async (_, text) => {
    await expect(load(text)).rejects.toThrow(/^Cannot use recipe/);
  });
});
