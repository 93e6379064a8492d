import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, vi } from "vitest";
import { recordJob } from "../../src/launch/slurm/launch.ts";
import type { PlanRole } from "../../src/plan/run-plan.ts";
import type { ClusterProfile } from "../../src/recipe/cluster-profile.ts";
import { shipped } from "../../src/root.ts";
import { requires } from "../helpers/requires.ts";
import { makeRootfs } from "../helpers/rootfs.ts";
import { type SlurmCluster, startSlurmCluster } from "../helpers/slurm-cluster.ts";
import {
  clusterProfileOf,
  leftovers,
  type StandIns,
  standInPlan,
  start,
} from "../helpers/slurm-run.ts";

vi.setConfig({ testTimeout: 200_000 });

/** Doubles that check the options and run the command in a real container of Charliecloud's. */
const doubles = shipped("test/fixtures/bin/runtimes");

/** The trainer writes what it sees in its container first; Node is the image's own. */
function inside(role: PlanRole): PlanRole {
  const command = role.command.map((word) => (word === process.execPath ? "node" : word));
  if (role.name !== "trainer") return { ...role, command };
  const look = `printf '%s\\n' "$OF_IMAGE" "$PWD" "$LIST" >seen.$1; shift; exec "$@"`;
  const env = { ...role.env, LIST: "a,b c" };
  return { ...role, env, command: ["bash", "-c", look, "look", { node: true }, ...command] };
}

const charliecloud = requires("charliecloud");
requires("slurm").describe("a run on Slurm, through doubles that run Charliecloud", () => {
  charliecloud.describe("in containers", () => {
    let cluster: SlurmCluster;
    let image = "";
    beforeAll(async () => {
      cluster = await startSlurmCluster();
      image = join(cluster.shared, "image");
      await makeRootfs(image);
    });
    afterEach(async () => {
      expect(await leftovers(cluster)).toEqual([]);
    });
    afterAll(() => cluster?.stop());

    const runtimeOf = (kind: "apptainer" | "pyxis" | "edf"): ClusterProfile["runtime"] => {
      const images = { worker: image, sampler: image, reward: image };
      const from = shipped("test/cluster/stand-ins");
      const common = { images, mounts: [{ from, to: null, read_only: true }] };
      if (kind === "apptainer") return { kind, ...common, options: [] };
      if (kind === "pyxis") return { kind, ...common };
      return { kind, ...common, annotations: {}, entrypoint: false, writable: true };
    };

    const launch = (runtime: ClusterProfile["runtime"], plan: StandIns) => {
      const setup = [`export PATH="${doubles}:$PATH"`];
      const profile = { ...clusterProfileOf(cluster), runtime, setup };
      const path = `${doubles}:${dirname(process.execPath)}:${process.env.PATH}`;
      const env = { PATH: path, R1SGG_TEST_SRUN: "/usr/bin/srun" };
      return start(cluster, standInPlan({ ...plan, change: inside }), profile, env);
    };

    for (const kind of ["apptainer", "pyxis", "edf"] as const) {
      charliecloud.it(
        `of ${kind} finishes on two nodes, each role with all that is its own`,
        async () => {
          const run = await launch(runtimeOf(kind), { id: `whole-${kind}`, nodes: 2 });
          expect(await run.over(), await run.log("slurm.log")).toBe("COMPLETED");
          expect(await run.saved()).toBe(6);
          expect(run.progress()[0]).toMatchObject({ gpus: "0,1,2,3" });
          expect(await run.log("seen.0")).toBe(`yes\n${run.runDir}\na,b c\n`);
          expect(JSON.parse(await run.log("facts.json"))).toEqual({
            stack: { python: "of the image" },
            hardware: expect.stringMatching(/^8 × a100 of /),
            code: expect.stringMatching(/^r1sgg \d/),
          });
        },
      );

      charliecloud.it(
        `of ${kind} leaves nothing after scancel and after r1sgg cancel`,
        async () => {
          const trainer = { steps: 100_000, deaf: true };
          const moods = { "sampler-0": "orphan", "sampler-1": "deaf" };
          const launchOne = (id: string) =>
            launch(runtimeOf(kind), { id: `${id}-${kind}`, nodes: 1, trainer, moods });
          const [first, second] = [await launchOne("scancel"), await launchOne("cancel")];
          const ours = { runId: `cancel-${kind}`, stage: "grpo", recipeHash: "" };
          recordJob(second.runDir, { ...ours, slurm: { job: second.job, cluster: "virtual" } });
          await Promise.all([first.untilStep(2), second.untilStep(2)]);
          expect((await leftovers(cluster)).length).toBeGreaterThan(6); // so we do see them
          await cluster.on("login", ["scancel", first.job]);
          const cli = [process.execPath, shipped("src/cli/main.ts"), "cancel", second.runDir];
          expect(await cluster.on("login", cli)).toContain("has ended (CANCELLED)");
          expect([await first.over(), await second.over()]).toEqual(["CANCELLED", "CANCELLED"]);
        },
      );
    }
  });
});
