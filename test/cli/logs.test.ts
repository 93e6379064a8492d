import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { logsCommand } from "../../src/cli/logs.ts";
import { superviseRun } from "../../src/launch/supervise.ts";
import { eventually, type RunFolder, runFolder } from "../launch/run-folder.ts";
import { startHost } from "../launch/start-host.ts";
import { runCommand } from "./run-command.ts";

const logs = (...args: readonly string[]) => runCommand(logsCommand, ...args);

async function endedRun(folder: RunFolder): Promise<void> {
  const options = { runDir: folder.dir, runId: "run", say: () => undefined };
  await superviseRun(options, async (run) => {
    for (const name of ["sft", "grpo", "sft"]) {
      await (await run.start(folder.spec(name, "task", "fail.sh", "0"))).done;
    }
  });
}

describe("r1sgg logs", () => {
  it("prints all roles, each line with its role, each log once", async () => {
    const folder = runFolder();
    await endedRun(folder);
    const lines = (await logs("run", "--runs", join(folder.dir, ".."))).stdout.split("\n");
    expect(lines).toHaveLength(3 * 31 + 1);
    expect(lines[0]).toMatch(/^sft \| --- .* r1sgg starts sft: /);
    expect(lines[1]).toBe("sft | line 1");
    expect(lines.at(-2)).toBe("grpo | line 30");
  });

  it("prints the end of one role", async () => {
    const folder = runFolder();
    await endedRun(folder);
    const { stdout } = await logs(folder.dir, "--role", "grpo", "--tail", "2");
    expect(stdout).toBe("line 29\nline 30\n");
  });

  it("prints what there is of a run that goes on, and ends", async () => {
    const folder = runFolder();
    const sampler = folder.spec("sampler", "service", "forever.sh");
    await startHost({ runDir: folder.dir, graceMs: 500, roles: [sampler] });
    await eventually("it has begun a line", () => folder.alive().length === 1);
    appendFileSync(sampler.logPath, "half a li");
    expect((await logs(folder.dir)).stdout).toMatch(
      /^sampler \| --- .*\nsampler \| [\s\S]*half a li\n$/,
    );
  });

  it("follows until the run ends", async () => {
    const folder = runFolder();
    const sampler = folder.spec("sampler", "service", "forever.sh");
    const host = await startHost({ runDir: folder.dir, graceMs: 500, roles: [sampler] });
    await eventually("it runs", () => folder.alive().length === 1);
    let text = "";
    const following = runCommand(
      ({ warn }) =>
        logsCommand({
          warn,
          print: (more) => {
            text += more;
          },
        }),
      ...[folder.dir, "-f", "--role", "sampler", "--tail", "1"],
    );
    await eventually("what there was", () => text.includes("serving\n"));
    appendFileSync(sampler.logPath, "while following, ha");
    appendFileSync(sampler.logPath, "lf a line\nno end");
    await eventually("what is new", () => text.includes("half a line\n"));
    host.child.kill("SIGINT");
    expect((await following).error).toBeUndefined();
    expect(text).toBe("serving\nwhile following, half a line\nno end\n");
  });

  it("refuses an unknown role, naming those there are, and a tail that is no number", async () => {
    const folder = runFolder();
    await endedRun(folder);
    expect((await logs(folder.dir, "--role", "stf")).error).toMatchObject({
      code: "USAGE",
      message: expect.stringMatching(/role "stf": .*expected one of sft, grpo$/),
    });
    expect((await logs(folder.dir, "--tail", "few")).stderr).toContain(
      "Expected a number of lines",
    );
  });

  it("refuses an unknown run", async () => {
    expect((await logs("nothing", "--runs", "/nowhere")).error).toMatchObject({ code: "USAGE" });
  });
});
