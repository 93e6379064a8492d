import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, inject } from "vitest";
import { shipped } from "../../src/root.ts";
import { requires } from "../helpers/requires.ts";
import { goodCompletion, goodRewards, goodTarget, goodTotal } from "../helpers/reward-request.ts";
import { serverWith } from "../helpers/reward-server.ts";

const { describe } = requires("python");

/** What each shim is called with by its trainer: as in the recorded requests. */
const callers = {
  r1sgg_slime: `
from types import SimpleNamespace
sample = lambda text: SimpleNamespace(prompt="Q: ", response=text, label=truth)
call = lambda text: asyncio.run(shim.reward(None, sample(text), evaluation=False))`,
  r1sgg_verl: `
call = lambda text: shim.compute_score(
    data_source="vg150", solution_str=text, ground_truth=truth, extra_info={"num_turns": None})`,
  r1sgg_swift: `
from swift.rewards import orms
call = lambda text: asyncio.run(orms["scene_graph"]()(
    completions=[text, "none"], solution=[truth, truth], trainer_state=None))`,
} as const;

/** Stands in for ms-swift 4.6.0, of which the shim takes two names. */
const swift = "class AsyncORM:\n    pass\n\norms = {}\n";

describe("the shims of docs/reward-endpoint.md", async () => {
  const { it } = await import("vitest");
  const app = serverWith({}, { token: "s3cret" });
  const truth = JSON.stringify({ ...goodTarget, box_scale: [100, 100] });
  let [url, folder] = ["", ""];

  beforeAll(async () => {
    url = await app.listen({ host: "127.0.0.1", port: 0 });
    folder = await mkdtemp(join(tmpdir(), "reward-shims-"));
    const docs = await readFile(shipped("docs/reward-endpoint.md"), "utf8");
    for (const [, code, name] of docs.matchAll(/```python\n(# (\w+)\.py\n[^`]*)```/g)) {
      await writeFile(join(folder, `${name}.py`), code!);
    }
    await execa("mkdir", [join(folder, "swift")]);
    await writeFile(join(folder, "swift", "__init__.py"), "");
    await writeFile(join(folder, "swift", "rewards.py"), swift);
  });
  afterAll(async () => {
    await app.close();
    await rm(folder, { recursive: true });
  });

  /** Runs a shim on a completion; its answer, or the type of what it raised. */
  async function run(name: keyof typeof callers, text: string, given: string = truth) {
    const { python, env } = inject("pythonEnv")!;
    const program = `
import asyncio, importlib, json, sys
text, truth = json.load(sys.stdin)
shim = importlib.import_module("${name}")
${callers[name]}
try:
    print(json.dumps(call(text)))
except Exception as error:
    print(json.dumps({"raised": type(error).__name__}))`;
    const { stdout } = await execa(python, ["-c", program], {
      input: JSON.stringify([text, given]),
      env: {
        ...env,
        PYTHONPATH: `${folder}:${env.PYTHONPATH ?? ""}`,
        R1SGG_REWARD_URL: url,
        R1SGG_REWARD_TOKEN: "s3cret",
      },
    });
    return JSON.parse(stdout);
  }

  const one = { score: goodTotal, parsed: 1, ...goodRewards };
  it.each([
    ["r1sgg_slime", one],
    ["r1sgg_verl", one],
    ["r1sgg_swift", [goodTotal, 0]],
  ] as const)("%s gets the rewards of the live server", async (name, expected) => {
    expect(await run(name, goodCompletion)).toEqual(expected);
  });

  it.each([
    ["r1sgg_slime", "ClientResponseError"],
    ["r1sgg_verl", "HTTPError"],
    ["r1sgg_swift", "ClientResponseError"],
  ] as const)(
    "%s raises for a ground truth that is none, and makes it no 0",
    async (name, raised) => {
      expect(await run(name, goodCompletion, "no truth")).toEqual({ raised });
    },
  );
});
