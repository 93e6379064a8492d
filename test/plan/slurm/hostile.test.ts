import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readScriptParts } from "../../../src/launch/slurm/script-parts.ts";
import { writeFiles, writeRun } from "../../../src/launch/slurm/write-run.ts";
import { quote } from "../../../src/plan/slurm/quote.ts";
import { renderSlurm } from "../../../src/plan/slurm/render.ts";
import { hostile } from "../../helpers/hostile.ts";
import { planOf, profileOf, roleOf } from "../../helpers/slurm-plans.ts";

/** A folder's name: what the file system and the profile's schema let be one. */
const folderName = () =>
  hostile().map((text) => `x${text.replaceAll(/[/\n\r]/g, "_").slice(0, 60)}`);

describe("hostile texts", () => {
  let base: string;
  beforeAll(async () => {
    base = await mkdtemp(join(tmpdir(), "r1sgg-hostile-"));
  });
  afterAll(() => rm(base, { recursive: true }));

  it("come unchanged through plan, files and bash to a role's words and environment", async () => {
    const parts = await readScriptParts();
    const texts = fc.record({
      words: fc.array(hostile(), { maxLength: 5 }),
      value: hostile(),
      ofProfile: hostile(),
      secret: hostile().filter((text) => text !== ""),
      folder: folderName(),
    });
    const check = fc.asyncProperty(texts, async ({ words, value, ofProfile, secret, folder }) => {
      await rm(join(base, folder), { recursive: true, force: true });
      const profile = profileOf({
        storage: { runs: join(base, folder) },
        environment: { OF_PROFILE: ofProfile },
        secrets: ["OF_SECRET"],
      });
      const said = [
        "printf",
        "%s\\0",
        ...words,
        { port: "p" },
        { host: 1 },
        { node: true },
      ] as const;
      const plan = planOf(
        [
          roleOf("words", { command: [...said, { url: "p", on: 0 }] }),
          roleOf("env", { command: ["env", "-0"], env: { OF_ROLE: value } }),
        ],
        { ports: ["p"], topology: { nodes: 2, gpusPerNode: 4, gpu: "a100" } },
      );
      const runDir = await writeRun(plan, profile, parts, { OF_SECRET: secret });
      const script = await readFile(join(runDir, "artifacts/slurm/role.sh"), "utf8");
      await writeFiles(runDir, {
        "artifacts/slurm/role.sh": script.replace(/TICK=\d+/, "TICK=0.02"),
        "attempts/0/hosts": "h0\nh1\n",
        "attempts/0/ports": "p 20001\n",
      });
      for (const name of ["logs", "exits"]) await mkdir(join(runDir, "attempts/0", name));
      await symlink("0", join(runDir, "attempts/latest"));
      const run = async (role: string) => {
        const call = [join(runDir, "artifacts/slurm/role.sh"), role, "0", "1.0", "0"];
        await execa("bash", call, { env: { SLURMD_NODENAME: "h0" }, cwd: base });
        const log = await readFile(join(runDir, `attempts/0/logs/${role}.log`), "utf8");
        return log
          .slice(log.indexOf("\n") + 1)
          .split("\0")
          .slice(0, -1);
      };
      expect(await run("words")).toEqual([...words, "20001", "h1", "0", "http://h0:20001"]);
      const env = await run("env");
      const expected = [`OF_ROLE=${value}`, `OF_PROFILE=${ofProfile}`, `OF_SECRET=${secret}`];
      expect(env).toEqual(expect.arrayContaining(expected));
      expect(await readFile(join(runDir, "attempts/0/exits/words.0"), "utf8")).toBe("0 h0\n");
    });
    await fc.assert(check, { numRuns: 15 });
    await expect(readFile(join(base, "owned"))).rejects.toThrow(/ENOENT/);
  });

  it("come unchanged through job.sbatch, which bash parses", async () => {
    const parts = {
      job: `printf "%s\\0" "$RUN" "$RUN_ID" "\${HEARTBEAT[a]}" "\${READY_PATH[a]}" "\${CACHES[0]}"\n`,
      role: "",
    };
    const texts = fc.record({
      id: hostile(),
      path: hostile(),
      probe: hostile(),
      folder: folderName(),
      cache: folderName(),
    });
    const check = fc.asyncProperty(texts, async ({ id, path, probe, folder, cache }) => {
      const role = roleOf("a", {
        heartbeat: { path, stallSeconds: 9 },
        ready: { port: "p", path: probe, timeoutSeconds: 9 },
      });
      const plan = planOf([role], { id, ports: ["p"] });
      const profile = profileOf({
        storage: { runs: `/${folder}`, caches: { HF_HOME: `/${cache}` } },
      });
      const script = renderSlurm(plan, profile, parts)["artifacts/job.sbatch"] ?? "";
      const file = join(base, "job.sbatch");
      await writeFile(file, script);
      const { stdout } = await execa("bash", [file], { cwd: base, stripFinalNewline: false });
      expect(stdout.split("\0")).toEqual([`/${folder}/${id}`, id, path, probe, `/${cache}`, ""]);
      const directives = script.split("\n").filter((line) => line.startsWith("#SBATCH"));
      expect(directives.join("\n")).toMatch(/^[\w\s#@:=.-]+$/);
    });
    await fc.assert(check, { numRuns: 60 });
    await expect(readFile(join(base, "owned"))).rejects.toThrow(/ENOENT/);
  });

  it.each([
    ["", "''"],
    ["it's", "'it'\\''s'"],
    ["$(x)\n", "'$(x)\n'"],
  ])("are quoted: %j", (text, quoted) => expect(quote(text)).toBe(quoted));
});
