import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { renderSlurm } from "../../../src/plan/slurm/render.ts";
import { requires } from "../../helpers/requires.ts";
import { grpoPlan, planOf, profileOf, roleOf } from "../../helpers/slurm-plans.ts";
import { allRenders, checkpointArray, type Render } from "../../helpers/slurm-renders.ts";

const renders = await allRenders();
const parts = { job: "# job\n", role: "# role\n" };

/** The part of a render that differs from others: what the job asks for and knows, and its files. */
function toGolden({ files }: Render): string {
  const [head = ""] = (files["artifacts/job.sbatch"] ?? "").split("\n# --- words");
  const others = Object.entries(files)
    .filter(([path]) => !/job\.sbatch|role\.sh|roles\/sampler-[1-9]/.test(path))
    .map(([path, text]) => `=== ${path}\n${text.replaceAll("\0", "\n").trimEnd()}`);
  return `${[head, ...others].join("\n")}\n`;
}

describe("renderSlurm", () => {
  it.each(renders)("renders $name as reviewed", async (render) => {
    await expect(toGolden(render)).toMatchFileSnapshot(`golden/${render.name}.txt`);
  });

  it.each([
    ["a plan with more GPUs than a node has", planOf([roleOf("a", { gpus: [7] })]), "GPU 7"],
    ["a role on a node that is not there", planOf([roleOf("a", { nodes: [1] })]), "node 1"],
    ["a port without a number", planOf([roleOf("a", { command: [{ port: "x" }] })]), '"x"'],
    ["a name that bash reads otherwise", planOf([roleOf("a]b")]), '"a]b"'],
    ["a wait for nobody", planOf([roleOf("a", { after: ["b"] })]), 'no "b" before it'],
    [
      "an attempt that ends before it could save",
      planOf([roleOf("a")], { limits: { seconds: 600, requeues: 0 } }),
      "an attempt of 600 s, expected more than the 600 s of slurm.signal_lead_seconds",
    ],
    ["a NUL", planOf([roleOf("a", { command: ["x\0y"] })]), "NUL"],
  ])("refuses %s", (_, plan, words) => {
    expect(() => renderSlurm(plan, profileOf(), parts)).toThrow(words);
    expect(() => renderSlurm(plan, profileOf(), parts)).toThrow(/^Cannot /);
  });

  it("gives an attempt the plan's time and as many further ones, which are within the profile's", () => {
    const plan = planOf([roleOf("a")], { limits: { seconds: 1800, requeues: 1 } });
    const script = renderSlurm(plan, profileOf(), parts)["artifacts/job.sbatch"];
    expect(script).toContain("#SBATCH --time=00:30:00\n");
    expect(script).toContain("readonly MAX_REQUEUES=1\n");
  });

  it("writes no secret and no token, only where they stand", () => {
    const plan = grpoPlan(1);
    const profile = profileOf({ secrets: ["WANDB_API_KEY"] });
    const files = renderSlurm(plan, profile, parts);
    expect(files["artifacts/roles/trainer.secrets"]).toBe("R1SGG_REWARD_TOKEN=secrets/reward\0");
    expect(Object.keys(files).filter((path) => path.startsWith("secrets"))).toEqual([]);
  });
});

requires("shellcheck").describe("the scripts", () => {
  it("of a job array are parsed by bash, and shellcheck has nothing to say", async () => {
    const folder = await mkdtemp(join(tmpdir(), "r1sgg-render-"));
    const path = join(folder, "array.sbatch");
    await writeFile(path, await checkpointArray());
    await execa("bash", ["-n", path]);
    const found = await execa("shellcheck", ["--shell=bash", path], { reject: false });
    await rm(folder, { recursive: true });
    expect(found.stdout).toBe("");
  });

  it.each(renders)(
    "of $name are parsed by bash, and shellcheck has nothing to say",
    async ({ files }) => {
      const folder = await mkdtemp(join(tmpdir(), "r1sgg-render-"));
      const paths = [];
      for (const name of ["artifacts/job.sbatch", "artifacts/slurm/role.sh"]) {
        const path = join(folder, name.replaceAll("/", "-"));
        await writeFile(path, files[name] ?? "");
        await execa("bash", ["-n", path]);
        paths.push(path);
      }
      const found = await execa("shellcheck", ["--shell=bash", ...paths], { reject: false });
      await rm(folder, { recursive: true });
      expect(found.stdout).toBe("");
    },
  );
});
