import { once } from "node:events";
import { existsSync } from "node:fs";
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createConnection, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, describe, expect, it } from "vitest";
import { shipped } from "../../src/root.ts";
import { goodCompletion, goodRequest, goodTotal } from "../helpers/reward-request.ts";

const folder = await mkdtemp(join(tmpdir(), "reward-serve-"));
afterAll(() => rm(folder, { recursive: true }));

const main = shipped("src/cli/main.ts");
const start = (...args: string[]) =>
  execa(process.execPath, [main, "reward", "serve", ...args], { reject: false, timeout: 120_000 });

/** Starts a server and waits for its ready file, which must be whole when it appears. */
async function startReady(...args: string[]) {
  const readyFile = join(await mkdtemp(join(folder, "run-")), "ready.json");
  const child = start("--port", "0", "--ready-file", readyFile, ...args);
  let ended = false;
  child.finally(() => {
    ended = true;
  });
  while (!existsSync(readyFile)) {
    if (ended) throw new Error(`it ended: ${(await child).stderr}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const { url } = JSON.parse(await readFile(readyFile, "utf8")) as { url: string };
  return { child, readyFile, url, port: Number(new URL(url).port) };
}

const ask = (url: string, body: object = goodRequest) =>
  fetch(`${url}/v1/rewards`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });

describe("r1sgg reward serve", () => {
  it("answers on a free port, logs what it answered, and ends with 0 on SIGTERM", async () => {
    const log = join(folder, "rewards.jsonl");
    const { child, readyFile, url } = await startReady("--log", log);
    const answer = (await (await ask(url)).json()) as Record<string, unknown>;
    expect(answer.total).toEqual([goodTotal]);
    expect(JSON.parse(await readFile(log, "utf8"))).toEqual({
      request_id: "r-1",
      rewards: answer.rewards,
      outcomes: answer.outcomes,
    });
    child.kill("SIGTERM");
    const { exitCode, stdout, stderr } = await child;
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: url });
    expect(stderr).toContain("profile release: R1-SGG e4de64d");
    expect(await readdir(join(readyFile, ".."))).toEqual(["ready.json"]); // no draft is left
  });

  it("answers what has come in before it ends on Ctrl-C, and takes nothing new", async () => {
    const { child, port } = await startReady();
    const socket = createConnection(port, "127.0.0.1");
    const body = JSON.stringify(goodRequest);
    socket.write(
      `POST /v1/rewards HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nexpect: 100-continue\r\n\r\n`,
    );
    const [first] = (await once(socket, "data")) as [Buffer];
    expect(first.toString()).toMatch(/^HTTP\/1.1 100 /); // it has seen the request
    child.kill("SIGINT");
    while (await accepts(port)) await new Promise((resolve) => setTimeout(resolve, 10));
    const rest = readAll(socket);
    socket.write(body);
    expect(await rest).toMatch(/^HTTP\/1.1 200 [\s\S]*"total":\[10\]/);
    expect((await child).exitCode).toBe(0);
  });

  it("closes connections that idle or were never used, and ends", async () => {
    const { child, port } = await startReady("--grace-ms", "20000");
    const [idle, unused] = [
      createConnection(port, "127.0.0.1"),
      createConnection(port, "127.0.0.1"),
    ];
    await once(unused, "connect");
    idle.write("GET /health HTTP/1.1\r\nhost: x\r\n\r\n");
    const [answer] = (await once(idle, "data")) as [Buffer];
    expect(answer.toString()).toContain("Connection: keep-alive");
    child.kill("SIGTERM");
    await Promise.all([once(idle, "close"), once(unused, "close")]);
    expect((await child).exitCode).toBe(0);
  });

  it("cuts off what is not there when the grace time is over", async () => {
    const { child, port } = await startReady("--grace-ms", "200");
    const socket = createConnection(port, "127.0.0.1");
    socket.write(
      "POST /rm HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 9\r\nexpect: 100-continue\r\n\r\n",
    );
    await once(socket, "data");
    child.kill("SIGTERM");
    await once(socket, "close");
    expect((await child).exitCode).toBe(0);
  });

  it("scores in its own thread with --workers 0, and takes limits and weights", async () => {
    const { child, url } = await startReady(
      ...["--workers", "0", "--max-completions", "2", "--max-characters", "400"],
      ...["--lenient-format", "--format-weight", "3", "--solver", "munkres-js"],
      ...["--profile", "robust", "--edge-weight", "7"],
    );
    const { targets, box_scale } = goodRequest;
    const untagged = goodCompletion.replace(/^.*<answer>|<\/answer>/gs, "");
    const batch = { completions: [untagged, "x".repeat(401)], targets: [...targets, ...targets] };
    const answer = (await (await ask(url, { ...batch, box_scale })).json()) as Record<
      string,
      unknown
    >;
    expect(answer).toMatchObject({
      profile: "robust",
      rewards: { format_reward: [1.5, 0], edge_hard_reward: [7, 0] },
      outcomes: [{ parsed: true }, { parsed: false, reason: expect.stringMatching(/^limit/) }],
    });
    expect((await ask(url, { ...batch, completions: ["", "", ""] })).status).toBe(422);
    const about = (await (await fetch(`${url}/version`)).json()) as Record<string, unknown>;
    expect(about).toMatchObject({
      profile: "robust",
      solver: "munkres-js",
      parameters: { format_weight: 3, edge_weight: 7, strict_format: false },
      limits: { characters: 400, completions: 2 },
    });
    child.kill("SIGTERM");
    expect((await child).exitCode).toBe(0);
  });

  it("has its token in no process list", async () => {
    const tokenFile = join(folder, "listed");
    await writeFile(tokenFile, "s3cret-listed\n");
    const { child } = await startReady("--token-file", tokenFile);
    const { stdout } = await execa("ps", ["e", "-ww", "-p", String(child.pid), "-o", "args="]);
    expect(stdout).toContain("reward serve"); // with its environment
    expect(stdout).not.toContain("s3cret");
    child.kill("SIGTERM");
    await child;
  });

  it("says in one sentence that the port is taken", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as { port: number };
    const { exitCode, stdout, stderr } = await start("--port", String(port));
    other.close();
    expect({ exitCode, stdout, stderr }).toEqual({
      exitCode: 4,
      stdout: "",
      stderr: `r1sgg: Cannot listen on "127.0.0.1:${port}": the port is taken, expected a free one (--port 0 picks one)`,
    });
  });

  it("asks for the token of its file, and never shows it", async () => {
    const tokenFile = join(folder, "token");
    await writeFile(tokenFile, "s3cret-token\n");
    await chmod(tokenFile, 0o600);
    const { child, url } = await startReady("--token-file", tokenFile);
    expect((await ask(url)).status).toBe(401);
    const headers = { authorization: "Bearer s3cret-token" };
    expect((await fetch(`${url}/version`, { headers })).status).toBe(200);
    child.kill("SIGTERM");
    const { all = "", stdout, stderr } = await child;
    expect(all + stdout + stderr).not.toContain("s3cret");
  });

  it("removes a ready file of another server before it listens", async () => {
    const readyFile = join(folder, "stale.json");
    await writeFile(readyFile, "{}");
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as { port: number };
    await start("--port", String(port), "--ready-file", readyFile);
    other.close();
    expect(existsSync(readyFile)).toBe(false);
  });

  const emptyToken = join(folder, "empty");
  it.each([
    [["--host", "0.0.0.0"], 2, 'Cannot serve rewards on "0.0.0.0": no --token-file'],
    [["--host", "::"], 2, 'Cannot serve rewards on "::": no --token-file'],
    [["--token-file", emptyToken], 2, "it is empty, expected one token"],
    [["--token-file", join(folder, "none")], 2, "Cannot read the token file"],
    [["--profile", "fast"], 2, "Allowed choices are release"],
    [["--solver", "best"], 2, "Allowed choices are exact, munkres-js"],
    [["--similarity", "spacy"], 2, 'Cannot use the similarity "spacy"'],
    [["--workers", "-1"], 2, "Expected a whole number of at least 0"],
    [["--max-objects", "0"], 2, "Expected a whole number of at least 1"],
    [["--edge-weight", "NaN"], 2, "Expected a number of at least 0"],
    [["--node-weights", "1,2"], 2, "Expected three numbers with commas between"],
    [["--port", "65536"], 2, "Expected a number from 0 to 65535"],
    [["--port", "0x10"], 2, "Expected a number from 0 to 65535"],
    [["--port", "0", "--log", join(folder, "no", "log")], 4, "Cannot write the log"],
    [
      ["--port", "0", "--ready-file", join(folder, "no", "ready")],
      4,
      "Cannot write the ready file",
    ],
  ])("with %j does not start", async (args, code, message) => {
    await writeFile(emptyToken, " \n");
    const { exitCode, stderr } = await start(...args);
    expect(exitCode).toBe(code);
    expect(stderr).toContain(message);
  });
});

const accepts = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const probe: Socket = createConnection(port, "127.0.0.1");
    probe.once("error", () => resolve(false));
    probe.once("connect", () => {
      probe.destroy();
      resolve(true);
    });
  });

const readAll = async (socket: Socket): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
};
