import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect } from "vitest";
import { requires } from "../helpers/requires.ts";
import { type SlurmCluster, startSlurmCluster } from "../helpers/slurm-cluster.ts";
import { allRenders } from "../helpers/slurm-renders.ts";

const { describe, it } = requires("slurm");

describe("rendered jobs", () => {
  let cluster: SlurmCluster;
  beforeAll(async () => {
    cluster = await startSlurmCluster();
  });
  afterAll(() => cluster?.stop());

  it("are all taken by sbatch --test-only", async () => {
    for (const { name, files } of await allRenders()) {
      const folder = join(cluster.shared, name);
      await mkdir(folder);
      const script = join(folder, "job.sbatch");
      await writeFile(script, files["artifacts/job.sbatch"] ?? "");
      const command = ["sbatch", "--test-only", `--chdir=${folder}`, script];
      await expect(cluster.on("login", command), name).resolves.toBe("");
    }
  });

  it("are refused by sbatch --test-only where the cluster has no such nodes", async () => {
    const script = join(cluster.shared, "large.sbatch");
    await writeFile(script, "#!/bin/bash\n#SBATCH --nodes=6 --partition=a100\n");
    await expect(cluster.on("login", ["sbatch", "--test-only", script])).rejects.toThrow(
      /not available/,
    );
  });
});
