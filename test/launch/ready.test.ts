import { createServer } from "node:http";
import { describe, expect, it, onTestFinished } from "vitest";
import { SggError } from "../../src/errors.ts";
import { freePort, isPortClash, isServedBy, isTaken } from "../../src/launch/ports.ts";
import { httpProbe, type Probe, waitUntilReady } from "../../src/launch/ready.ts";
import { errorOf } from "./run-folder.ts";

const never = () => new Promise<true>(() => undefined);
const quick = { what: "vLLM", intervalMs: 5, timeoutMs: 5000 };

async function serve(status: number): Promise<number> {
  const server = createServer((_, answer) => answer.writeHead(status).end());
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return port;
}

describe("waitUntilReady", () => {
  it("asks until the answer is true, and tells each new answer once", async () => {
    const answers = ["loading", "loading", "warming up", true] as const;
    let asked = 0;
    const heard: string[] = [];
    const probe = async () => answers[asked++] ?? true;
    await waitUntilReady(probe, { ...quick, onWait: (why) => heard.push(why) });
    expect(asked).toBe(4);
    expect(heard).toEqual(["loading", "warming up"]);
  });

  it("gives up when the time is over, with the last answer", async () => {
    const error = await errorOf(
      waitUntilReady(async () => "loading weights", { ...quick, timeoutMs: 50 }),
    );
    expect(error).toEqual(
      new SggError("LAUNCH", 'Cannot use "vLLM": loading weights, expected it ready within 0.05 s'),
    );
  });

  it("does not take for an answer what a probe says when its time is up", async () => {
    let asked = 0;
    const probe: Probe = (signal) =>
      asked++ === 0
        ? Promise.resolve("loading weights")
        : new Promise((resolve) => {
            signal.addEventListener("abort", () => resolve("cut off"));
          });
    const error = await errorOf(waitUntilReady(probe, { ...quick, timeoutMs: 100 }));
    expect(error).toMatchObject({ message: expect.stringContaining("loading weights") });
  });

  it("gives up in time on a probe that hangs", async () => {
    const error = await errorOf(waitUntilReady(never, { ...quick, timeoutMs: 50 }));
    expect(error).toMatchObject({ code: "LAUNCH" });
  });

  it("ends at once with the signal's reason", async () => {
    const reason = new SggError("ROLE", "the trainer ended");
    const signal = AbortSignal.abort(reason);
    expect(await errorOf(waitUntilReady(never, { ...quick, signal }))).toBe(reason);
    const later = new AbortController();
    const waiting = errorOf(waitUntilReady(never, { ...quick, signal: later.signal }));
    later.abort(reason);
    expect(await waiting).toBe(reason);
  });

  it("passes on what a probe throws, as a bug", async () => {
    const bug = new TypeError("bug");
    expect(await errorOf(waitUntilReady(() => Promise.reject(bug), quick))).toBe(bug);
  });
});

describe("httpProbe", () => {
  const ask = async (port: number) =>
    httpProbe(`http://127.0.0.1:${port}/health`)(new AbortController().signal);

  it("is satisfied by 200, and says what else it got", async () => {
    expect(await ask(await serve(200))).toBe(true);
    expect(await ask(await serve(503))).toMatch(/\/health answers 503$/);
    expect(await ask(await freePort())).toMatch(/ECONNREFUSED$/);
  });
});

describe("ports", () => {
  it("gives a port that is free, and sees when it is not", async () => {
    const port = await freePort();
    expect(port).toBeGreaterThan(1023);
    expect(await isTaken(port)).toBe(false);
    expect(await isTaken(await serve(200))).toBe(true);
  });

  it("knows whose port it is", async () => {
    const port = await serve(200);
    expect(isServedBy(port, [process.pid])).toBe(true);
    expect(isServedBy(port, [process.ppid])).toBe(false);
    expect(isServedBy(await freePort(), [process.pid])).toBe(false);
  });

  it("takes for a clash what says so, or a port that is taken, and no other failure", async () => {
    const [free, taken] = [await freePort(), await serve(200)];
    const said = new SggError("LAUNCH", "OSError: [Errno 98] Address already in use");
    expect(await isPortClash(said, free)).toBe(true);
    expect(await isPortClash(new SggError("LAUNCH", "no memory"), taken)).toBe(true);
    expect(await isPortClash(new SggError("LAUNCH", "no memory"), free)).toBe(false);
    expect(await isPortClash(new SggError("INTERRUPTED", "Ctrl-C"), taken)).toBe(false);
  });
});
