import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { SggError } from "../../src/errors.ts";
import { loadRecord } from "../../src/launch/load-record.ts";
import type { Role } from "../../src/launch/roles.ts";
import { superviseRun } from "../../src/launch/supervise.ts";
import { errorOf, eventually, isRunning, type RunFolder, runFolder } from "./run-folder.ts";

const options = ({ dir }: RunFolder, graceMs = 5000) => ({
  ...{ runDir: dir, runId: "test", graceMs },
  say: () => undefined,
});

describe("superviseRun", () => {
  it("gives what the body gives, stops the services, and records it", async () => {
    const folder = runFolder();
    let sampler: Role | undefined;
    const value = await superviseRun(options(folder), async (run) => {
      sampler = await run.start(folder.spec("sampler", "service", "forever.sh"));
      const task = await run.start(folder.spec("sft", "task", "fail.sh", "0"));
      run.note({ versions: { vllm: "0.31.0" } });
      await task.done;
      return 42;
    });
    expect(value).toBe(42);
    await sampler?.done; // was stopped, and did not fail
    expect(folder.noted()).toHaveLength(2);
    expect(folder.alive()).toEqual([]);
    const record = await loadRecord(folder.dir);
    expect(record).toMatchObject({ state: "done", versions: { vllm: "0.31.0" } });
    expect(record?.roles).toMatchObject([
      { name: "sampler", kind: "service", signal: "SIGTERM" },
      { name: "sft", kind: "task", exitCode: 0 },
    ]);
    expect(record?.reaper && isRunning(record.reaper.pid)).toBe(false);
    const events = readFileSync(join(folder.dir, "events.jsonl"), "utf8").trim().split("\n");
    // only the sampler was there to be ended: the reaper is no member of the run
    expect(JSON.parse(events.at(-1) ?? "")).toMatchObject({ ended: 1, killed: [], left: [] });
    expect(events.map((line) => JSON.parse(line).event)).toEqual([
      ...["started", "role started", "role started", "role ended", "role ended", "done"],
    ]);
  });

  it("is interrupted by a signal of its own, with that one's words, before or while it runs", async () => {
    const reason = new SggError("INTERRUPTED", "enough");
    for (const early of [true, false]) {
      const folder = runFolder();
      const cut = new AbortController();
      if (early) cut.abort(reason);
      const error = await errorOf(
        superviseRun({ ...options(folder), interrupt: cut.signal }, async (run) => {
          await run.start(folder.spec("sampler", "service", "forever.sh"));
          cut.abort(reason);
          await new Promise(() => undefined);
        }),
      );
      expect(error).toBe(reason);
      expect(folder.alive()).toEqual([]);
      const record = await loadRecord(folder.dir);
      expect(record).toMatchObject({ state: "interrupted", reason: "enough" });
    }
  });

  it("ends with the task that gave up, by name, code and last 20 lines", async () => {
    const folder = runFolder();
    const error = await errorOf(
      superviseRun(options(folder), async (run) => {
        await run.start(folder.spec("sampler", "service", "forever.sh"));
        const sft = await run.start(folder.spec("sft", "task", "fail.sh", "3", "0.2"));
        await sft.done;
      }),
    );
    expect(error).toMatchObject({ code: "ROLE" });
    const { message } = error as Error;
    expect(message).toContain('role "sft": it ended with exit code 3');
    expect(message).toMatch(/\n {2}line 11\n(.*\n)*.*line 30$/);
    expect(message).not.toContain("line 10\n");
    expect(folder.alive()).toEqual([]);
    expect(await loadRecord(folder.dir)).toMatchObject({ state: "failed", reason: message });
  });

  it.each([
    ["a service that ends by itself", "service", "fail.sh", "0", "ended with exit code 0"],
    ["a task that is killed", "task", "forever.sh", "SIGSEGV", "was killed by SIGSEGV"],
  ] as const)("takes %s as a failed launch", async (_, kind, program, how, words) => {
    const folder = runFolder();
    const error = await errorOf(
      superviseRun(options(folder), async (run) => {
        const role = await run.start(folder.spec("reward", kind, program, how));
        if (how === "SIGSEGV") process.kill(role.pid, "SIGSEGV");
        await role.done;
      }),
    );
    expect(error).toMatchObject({ code: "LAUNCH", message: expect.stringContaining(words) });
    expect(error).toMatchObject({ message: expect.stringContaining('role "reward"') });
  });

  it("names the service that was killed, not the task that failed because of it", async () => {
    const folder = runFolder();
    const error = await errorOf(
      superviseRun(options(folder), async (run) => {
        // Both end at about the same time, and the task was started, and is reaped, first.
        const task = await run.start(folder.spec("grpo", "task", "forever.sh"));
        const service = await run.start(folder.spec("sampler", "service", "forever.sh"));
        process.kill(task.pid, "SIGTERM");
        process.kill(service.pid, "SIGKILL");
        await task.done;
      }),
    );
    expect(error).toMatchObject({ message: expect.stringContaining('role "sampler"') });
  });

  it("explains an error of the body by the role whose death caused it", async () => {
    const folder = runFolder();
    const error = await errorOf(
      superviseRun(options(folder), async (run) => {
        const service = await run.start(folder.spec("sampler", "service", "forever.sh"));
        process.kill(service.pid, "SIGKILL");
        throw new Error("fetch failed");
      }),
    );
    expect(error).toMatchObject({
      code: "LAUNCH",
      message: expect.stringContaining('role "sampler": it was killed by SIGKILL'),
    });
  });

  it("passes on an error of the body that no role explains", async () => {
    const folder = runFolder();
    const bug = new TypeError("our bug");
    const work = superviseRun(options(folder), async (run) => {
      await run.start(folder.spec("sampler", "service", "forever.sh"));
      throw bug;
    });
    expect(await errorOf(work)).toBe(bug);
    expect(folder.alive()).toEqual([]);
  });

  it("ends the run when work in the background fails", async () => {
    const folder = runFolder();
    const bug = new TypeError("background");
    const work = superviseRun(options(folder), async (run) => {
      const task = await run.start(folder.spec("sft", "task", "forever.sh"));
      void run.watch(Promise.reject(bug)).catch(() => undefined);
      await task.done;
    });
    expect(await errorOf(work)).toBe(bug);
    expect(folder.alive()).toEqual([]);
  });

  it("gives the others time for last words", async () => {
    const folder = runFolder();
    const saved = join(folder.dir, "saved");
    await errorOf(
      superviseRun(options(folder), async (run) => {
        const trainer = folder.spec("grpo", "task", "last-words.sh", saved);
        await run.start(trainer);
        await eventually("it works", () => readFileSync(trainer.logPath, "utf8").includes("wor"));
        await (await run.start(folder.spec("reward", "service", "fail.sh", "1"))).done;
      }),
    );
    expect(existsSync(saved)).toBe(true);
  });

  it("kills who ignores the request when the grace is over, and its children", async () => {
    const folder = runFolder();
    const start = performance.now();
    await superviseRun(options(folder, 600), async (run) => {
      const spec = folder.spec("sampler", "service", "stubborn.sh");
      await run.start(spec);
      await eventually("it ignores", () => readFileSync(spec.logPath, "utf8").includes("ignoring"));
    });
    expect(performance.now() - start).toBeGreaterThan(600);
    expect(folder.alive()).toEqual([]);
    expect((await loadRecord(folder.dir))?.roles[0]).toMatchObject({ signal: "SIGKILL" });
  });

  it.each([
    ["marked", "stay"],
    ["marked", "leave"],
    ["bare", "stay"],
    ["bare", "leave"],
  ])("leaves no grandchild in another session (%s, its parent does %s)", async (mark, parent) => {
    const folder = runFolder();
    await superviseRun(options(folder, 500), async (run) => {
      const kind = parent === "leave" ? "task" : "service";
      const role = await run.start(folder.spec("sampler", kind, "run-away.sh", mark, parent));
      if (kind === "service") await eventually("two", () => folder.alive().length === 2);
      else {
        await role.done;
        expect(folder.alive()).toEqual([]); // gone with its task, not only with the run
      }
    });
    expect(folder.noted()).toHaveLength(2);
    expect(folder.alive()).toEqual([]);
  });

  it("stops one role and its children alone", async () => {
    const folder = runFolder();
    await superviseRun(options(folder, 500), async (run) => {
      await run.start(folder.spec("reward", "service", "forever.sh"));
      await eventually("one", () => folder.alive().length === 1);
      const other = await run.start(folder.spec("sampler", "service", "stubborn.sh"));
      await eventually("two", () => folder.alive().length === 2);
      await run.stop(other);
      await other.done;
      expect(folder.alive()).toEqual(folder.noted().slice(0, 1));
      expect(run.signal.aborted).toBe(false);
    });
  });

  it("says which command it could not start", async () => {
    const folder = runFolder();
    const spec = { ...folder.spec("sft", "task", "fail.sh"), command: "no-such-program" };
    const work = superviseRun(options(folder), (run) => run.start(spec));
    expect(await errorOf(work)).toMatchObject({
      code: "LAUNCH",
      message: expect.stringMatching(/Cannot start role "sft": .*no-such-program.*ENOENT/s),
    });
  });

  it("says so when the journal cannot be written, and still cleans up", async () => {
    const folder = runFolder();
    const error = await errorOf(
      superviseRun(options(folder), async (run) => {
        const role = await run.start(folder.spec("sampler", "service", "forever.sh"));
        await eventually("it runs", () => folder.alive().length === 1);
        mkdirSync(join(folder.dir, `record.json.${process.pid}.tmp`)); // no file can be written there
        run.stage("sft");
        await role.done;
      }),
    );
    expect(error).toMatchObject({
      code: "LAUNCH",
      message: expect.stringContaining("Cannot write"),
    });
    expect(folder.alive()).toEqual([]);
  });

  it("ends the run, naming the reaper, when that dies", async () => {
    const folder = runFolder();
    const error = await errorOf(
      superviseRun(options(folder), async (run) => {
        const role = await run.start(folder.spec("sampler", "service", "forever.sh"));
        const reaper = (await loadRecord(folder.dir))?.reaper?.pid;
        process.kill(reaper ?? 0, "SIGKILL");
        await role.done;
      }),
    );
    expect(error).toMatchObject({ code: "LAUNCH", message: expect.stringMatching(/"reaper"/) });
    expect(folder.alive()).toEqual([]);
  });

  it("keeps what earlier starts wrote to a log, and does not quote it", async () => {
    const folder = runFolder();
    const spec = folder.spec("sft", "task", "fail.sh", "1");
    mkdirSync(join(folder.dir, "logs"), { recursive: true });
    writeFileSync(spec.logPath, "from an earlier start\n");
    const quiet = { ...spec, command: "false", args: [] };
    const work = superviseRun(options(folder), async (run) => (await run.start(quiet)).done);
    expect(((await errorOf(work)) as Error).message).not.toContain("earlier");
    expect(readFileSync(spec.logPath, "utf8")).toMatch(/^from an earlier start\n--- .* starts sft/);
  });
});
