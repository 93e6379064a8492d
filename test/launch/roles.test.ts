import { createServer } from "node:http";
import { describe, expect, it, onTestFinished } from "vitest";
import { freePort, startOnFreePort } from "../../src/launch/ports.ts";
import { httpProbe } from "../../src/launch/ready.ts";
import type { Readiness } from "../../src/launch/start-options.ts";
import { type Supervisor, superviseRun } from "../../src/launch/supervise.ts";
import { errorOf, eventually, type RunFolder, runFolder } from "./run-folder.ts";

const supervised = <T>({ dir }: RunFolder, body: (run: Supervisor) => Promise<T>): Promise<T> =>
  superviseRun({ runDir: dir, runId: "test", graceMs: 1000, say: () => undefined }, body);

const untilAnswers = (port: number, timeoutMs = 120_000): Readiness => ({
  ...{ probe: httpProbe(`http://127.0.0.1:${port}/`), port, timeoutMs, intervalMs: 50 },
});

/** A stranger's HTTP server on a port of its own. */
async function stranger(): Promise<number> {
  const server = createServer((_, answer) => answer.end("not yours"));
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return port;
}

describe("start with untilReady", () => {
  it("returns when the service answers", async () => {
    const folder = runFolder();
    const port = await freePort();
    await supervised(folder, async (run) => {
      const spec = folder.spec("reward", "service", "serve.mjs", String(port), "300");
      await run.start(spec, { untilReady: untilAnswers(port) });
      expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe("here\n");
    });
    expect(folder.alive()).toEqual([]);
  });

  it("fails with the last lines when the service ends before, and the run goes on", async () => {
    const folder = runFolder();
    await supervised(folder, async (run) => {
      const start = performance.now();
      const spec = folder.spec("reward", "service", "fail.sh", "7", "0.2");
      const error = await errorOf(run.start(spec, { untilReady: untilAnswers(await freePort()) }));
      expect(error).toMatchObject({
        code: "LAUNCH",
        message: expect.stringMatching(/"reward": it ended with exit code 7.*line 30/s),
      });
      expect(performance.now() - start).toBeLessThan(60_000); // by its exit, not by the time limit
      expect(run.signal.aborted).toBe(false);
    });
  });

  it("names the end of the service, not the connection of the probe that broke by it", async () => {
    const folder = runFolder();
    await supervised(folder, async (run) => {
      const probe = async () => {
        for (const pid of folder.alive()) process.kill(pid, "SIGKILL");
        if (folder.noted().length === 0) return "not there yet";
        throw new TypeError("fetch failed");
      };
      const spec = folder.spec("sampler", "service", "forever.sh");
      const untilReady = { probe, timeoutMs: 120_000, intervalMs: 20 };
      expect(await errorOf(run.start(spec, { untilReady }))).toMatchObject({
        code: "LAUNCH",
        message: expect.stringContaining('role "sampler": it was killed by SIGKILL'),
      });
    });
  });

  it("stops a service that is not ready in time, and says what it said", async () => {
    const folder = runFolder();
    await supervised(folder, async (run) => {
      const spec = folder.spec("sampler", "service", "forever.sh");
      const untilReady = untilAnswers(await freePort(), 1000);
      const error = await errorOf(run.start(spec, { untilReady }));
      expect(error).toMatchObject({
        code: "LAUNCH",
        message: expect.stringMatching(/"sampler": .*ECONNREFUSED, .* within 1 s\n.*serving/s),
      });
      expect(folder.alive()).toEqual([]);
    });
  });

  it("ends the run when the service ends after it was ready", async () => {
    const folder = runFolder();
    const port = await freePort();
    const work = supervised(folder, async (run) => {
      const spec = folder.spec("reward", "service", "serve.mjs", String(port));
      const role = await run.start(spec, { untilReady: untilAnswers(port) });
      process.kill(role.pid, "SIGKILL");
      await role.done;
    });
    expect(await errorOf(work)).toMatchObject({ code: "LAUNCH" });
  });

  it("stops waiting when another role ends the run", async () => {
    const folder = runFolder();
    const start = performance.now();
    let starting: Promise<unknown> | undefined;
    const work = supervised(folder, async (run) => {
      await run.start(folder.spec("sft", "task", "fail.sh", "1", "0.5"));
      const untilReady = untilAnswers(await freePort());
      const sampler = folder.spec("sampler", "service", "forever.sh");
      starting = errorOf(run.start(sampler, { untilReady }));
      await starting;
    });
    const error = await errorOf(work);
    expect(error).toMatchObject({ message: expect.stringContaining('"sft"') });
    expect(await starting).toBe(error); // and not with the end of the sampler itself
    expect(performance.now() - start).toBeLessThan(100_000);
    await eventually("all gone", () => folder.alive().length === 0);
  });

  it("does not take a stranger on the port for the service", async () => {
    const folder = runFolder();
    const port = await stranger();
    await supervised(folder, async (run) => {
      const spec = folder.spec("sampler", "service", "forever.sh");
      const error = await errorOf(run.start(spec, { untilReady: untilAnswers(port, 500) }));
      expect(error).toMatchObject({ message: expect.stringContaining("another program listens") });
    });
  });
});

describe("startOnFreePort", () => {
  it("starts a service whose port was taken on another one", async () => {
    const folder = runFolder();
    const ports = [await stranger(), await freePort()];
    const tried: number[] = [];
    await supervised(folder, async (run) => {
      const start = (port: number) => {
        tried.push(port);
        const spec = folder.spec("reward", "service", "serve.mjs", String(port));
        return run.start(spec, { untilReady: untilAnswers(port) });
      };
      await startOnFreePort(start, { pick: async () => ports[tried.length] ?? 0 });
      expect(tried).toEqual(ports);
      expect(await (await fetch(`http://127.0.0.1:${ports[1]}/`)).text()).toBe("here\n");
    });
  });
});
