import { chmod, copyFile, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { synthesize } from "../../src/data/synthesize.ts";
import { shipped } from "../../src/root.ts";
import { temporaryFolder } from "../data/rows-file.ts";
import { type Recorded, readJson, readLines, survivors, until } from "../e2e/smoke-process.ts";

interface Wishes {
  /** Which server ends at which question: "server-1=4". */
  readonly deaths?: string;
  readonly device?: string;
  /** CUDA_VISIBLE_DEVICES. */
  readonly visible?: string;
  readonly more?: readonly string[];
}

/** A place to call `infer --launch` in: a Python environment whose vLLM is a stand-in, two GPUs. */
async function place(count: number) {
  const folder = await temporaryFolder();
  await synthesize({ count, seed: 1, out: join(folder, "scenes") });
  await mkdir(join(folder, "python/bin"), { recursive: true });
  await mkdir(join(folder, "model"));
  await writeFile(join(folder, "model/config.json"), '{"model_type": "qwen2_vl"}');
  await writeFile(join(folder, "python/bin/python"), "");
  await copyFile(join(import.meta.dirname, "fake-vllm.mjs"), join(folder, "fake-vllm.mjs"));
  const scripts = {
    "python/bin/vllm": `exec "${process.execPath}" "${folder}/fake-vllm.mjs" "$@"`,
    "nvidia-smi": "echo GPU 0: H100; echo GPU 1: H100",
  };
  for (const [name, script] of Object.entries(scripts)) {
    await writeFile(join(folder, name), `#!/bin/sh\n${script}\n`);
    await chmod(join(folder, name), 0o755);
  }
  const launch = (servers: number, wishes: Wishes = {}) => {
    const { deaths, more = [], device = "cpu", visible } = wishes;
    const files = ["--dataset", "scenes", "--out", "out.jsonl", "--model", "model"];
    const call = ["infer", ...files, "--launch", `${servers}`, "--device", device, ...more];
    return execa(process.execPath, [...quiet, shipped("src/cli/main.ts"), ...call], {
      ...{ cwd: folder, reject: false, detached: true, cleanup: true },
      env: {
        PATH: `${folder}:${process.env.PATH}`,
        R1SGG_PYTHON_ENV: join(folder, "python"),
        ...(deaths !== undefined && { FAKE_DEATHS: deaths }),
        ...(visible !== undefined && { CUDA_VISIBLE_DEVICES: visible }),
      },
    });
  };
  const run = async () => join(folder, "runs", (await readdir(join(folder, "runs")))[0]!);
  const recorded = async () => readJson<Recorded>(await run(), "record.json");
  const answers = () => readLines<{ image_id: string }>(folder, "out.jsonl");
  /** How a server was called, by its log. */
  const callOf = async (server: string) => {
    const log = await readFile(join(await run(), "logs", `${server}.log`), "utf8");
    return JSON.parse(log.split("\n")[1]!) as { args: string[]; threads?: string; gpu?: string };
  };
  return { folder, launch, run, recorded, answers, callOf };
}

const quiet = ["--disable-warning=ExperimentalWarning"];

describe("r1sgg infer --launch", () => {
  it("starts servers, has them answer, and ends them", async () => {
    const { folder, launch, recorded, answers, callOf } = await place(12);
    const ended = await launch(2, { more: ["--max-model-len", "2048"] });
    expect([ended.exitCode, ended.stdout]).toEqual([0, "out.jsonl"]);
    expect(ended.stderr).toContain("12 images: 12 answered now, 0 before, 0 unanswered");
    expect(answers()).toHaveLength(12);
    const { state, roles, token } = await recorded();
    expect(state).toBe("done");
    expect(roles.map(({ name }) => name).sort()).toEqual(["server-0", "server-1"]);
    expect(survivors(token)).toEqual([]);
    const { args, threads } = await callOf("server-1");
    expect(args.slice(0, 8)).toEqual([
      ...["serve", join(folder, "model"), "--host", "127.0.0.1", "--dtype", "float32"],
      ...["--max-model-len", "2048"],
    ]);
    expect(args).toContain('{"min_pixels":3136,"max_pixels":802816}');
    expect(Number(threads)).toBeGreaterThan(0);
  });

  it.each([
    ["nothing", undefined, ["0", "1"]],
    ["5, 7 and 8", "5,7,8", ["5", "7"]],
  ])("gives each a GPU when CUDA_VISIBLE_DEVICES is %s", async (_, visible, gpus) => {
    const { launch, callOf } = await place(3);
    const ended = await launch(2, { device: "cuda", ...(visible !== undefined && { visible }) });
    expect(ended.exitCode, ended.stderr).toBe(0);
    const calls = [await callOf("server-0"), await callOf("server-1")];
    expect(calls.map(({ gpu }) => gpu)).toEqual(gpus);
    expect(calls[0]!.args.join(" ")).toContain("--dtype bfloat16");
  });

  it("refuses more servers than there are GPUs", async () => {
    const { exitCode, stderr } = await (await place(1)).launch(3, { device: "cuda" });
    const said = "r1sgg: Cannot start 3 servers: 2 GPUs, expected one for each";
    expect([exitCode, stderr]).toEqual([4, said]);
  });

  it("goes on when one of them ends", async () => {
    const { launch, recorded, answers } = await place(30);
    const ending = { deaths: "server-1=4", more: ["--concurrency", "2"] };
    const { exitCode, stderr } = await launch(2, ending);
    expect(exitCode, stderr).toBe(0);
    expect(new Set(answers().map(({ image_id }) => image_id)).size).toBe(30);
    expect(survivors((await recorded()).token)).toEqual([]);
  });

  it("ends with 4 when all have ended, and says where their logs are", async () => {
    const { launch, run, answers } = await place(30);
    const ending = { deaths: "server-0=3,server-1=4", more: ["--concurrency", "1"] };
    const { exitCode, stderr } = await launch(2, ending);
    expect([exitCode, answers().length]).toEqual([4, 5]);
    expect(stderr).toContain(
      `Cannot go on: all 2 servers have ended, expected one that serves; see the logs in "${await run()}/logs"`,
    );
    expect(stderr).toContain("5 of 30 images are in out.jsonl; the same command goes on");
  });

  it("leaves no server behind when it is killed, and goes on when it is called again", async () => {
    const { launch, recorded, answers } = await place(60);
    const more = ["--concurrency", "1"];
    const killed = launch(1, { more });
    await until("it answers", () => answers().length > 3, 120_000);
    killed.kill("SIGKILL");
    await killed;
    const { token } = await recorded();
    await until("nothing is left", () => survivors(token).length === 0, 120_000);
    const before = answers().length;
    const ended = await launch(1, { more });
    expect(ended.stderr).toContain(`${60 - before} answered now, ${before} before`);
    expect(answers()).toHaveLength(60);
  });

  it("stops on Ctrl-C with 130 and leaves nothing", async () => {
    const { launch, recorded, answers } = await place(60);
    const process = launch(1, { more: ["--concurrency", "1"] });
    await until("it answers", () => answers().length > 3, 120_000);
    process.kill("SIGINT");
    expect((await process).exitCode).toBe(130);
    const { token, state } = await recorded();
    expect([state, survivors(token)]).toEqual(["interrupted", []]);
  });
});
