import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { findContainers } from "../../../src/launch/docker/sweep.ts";
import { loadRecord } from "../../../src/launch/load-record.ts";
import { freePort } from "../../../src/launch/ports.ts";
import { cliFile } from "../../../src/root.ts";
import { version } from "../../../src/version.ts";
import { r1sgg } from "../../cli/r1sgg.ts";
import { type Engine, startEngine } from "../../helpers/docker/engine.ts";
import { importLightBase, lightBase } from "../../helpers/docker/light-base.ts";
import { requires } from "../../helpers/requires.ts";
import { eventually } from "../run-folder.ts";

const needing = requires("docker");

needing.describe("the reward image, of the packed package", () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine();
    await importLightBase(engine.docker);
    process.env.DOCKER_HOST = engine.host;
  });
  afterAll(async () => {
    delete process.env.DOCKER_HOST;
    await engine?.close();
  });

  it("is built by the command line, serves rewards to whom it should as nobody, and is well", async () => {
    const built = await r1sgg("containers", "build", "reward", "--base", lightBase, "--json");
    expect(built.code, built.err).toBe(0);
    const [{ reference, id }] = JSON.parse(built.out);
    expect(reference).toBe(`r1sgg/reward:${version}`);
    const listed = await r1sgg("containers", "list", "--json");
    expect(JSON.parse(listed.out)).toMatchObject([
      { image: "reward", reference, id, base: lightBase },
    ]);

    const port = await freePort();
    const container = await engine.docker.createContainer({
      Image: reference,
      Cmd: ["r1sgg", "reward", "serve", "--port", String(port)],
      Env: [`R1SGG_HEALTH=http://127.0.0.1:${port}/ready`],
      Healthcheck: { Interval: 1e9 },
      HostConfig: { NetworkMode: "host" },
    });
    await container.start();
    const url = `http://127.0.0.1:${port}`;
    await eventually("it is ready", async () =>
      fetch(`${url}/ready`).then(
        ({ ok }) => ok,
        () => false,
      ),
    );
    const answer = await fetch(`${url}/v1/rewards`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        completions: ["<think>\nno\n</think>\n<answer>\nnonsense\n</answer>"],
        targets: [{ image_id: "1", width: 10, height: 10, objects: [], relationships: [] }],
      }),
    });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({
      profile: "release",
      outcomes: [{ parsed: false }],
    });
    await eventually(
      "it is healthy",
      async () => (await container.inspect()).State.Health?.Status === "healthy",
    );
    const { Config } = await container.inspect();
    expect(Config.User).toBe("10001:10001");
    expect(Config.Labels["org.opencontainers.image.version"]).toBe(version);
    await container.stop({ t: 60 });
    expect((await container.inspect()).State.ExitCode).toBe(0);
  }, 1_200_000);

  /** An evaluation of two drawn scenes, whose one role runs in the reward image. */
  function evaluation(): { folder: string; recipe: string; runs: string } {
    const folder = mkdtempSync(join(tmpdir(), "r1sgg-eval-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const answers = [0, 1].map((at) => ({
      ...{ image_id: `scene_2_00000${at}`, box_scale: [1000, 1000] },
      response: '<answer>{"objects":[{"id":"cat.1","bbox":[1,1,9,9]}],"relationships":[]}</answer>',
    }));
    const lines = answers.map((line) => `${JSON.stringify(line)}\n`).join("");
    writeFileSync(join(folder, "predictions.jsonl"), lines);
    const recipe = join(folder, "eval.yaml");
    writeFileSync(
      recipe,
      `name: tiny-eval\nstage: eval\npredictions: { path: ${folder}/predictions.jsonl }
data: { eval: { synth: { count: 2, seed: 2 } } }\neval: { compat: [strict], bootstrap: 0 }\n`,
    );
    return { folder, recipe, runs: join(folder, "runs") };
  }

  /** Two such evaluations as a study, of which the second waits while the file `hold` is there. */
  function study() {
    const { folder, recipe, runs } = evaluation();
    writeFileSync(join(folder, "second.yaml"), `extends: ${recipe}\nname: second\nseed: 1\n`);
    const path = join(folder, "study.yaml");
    writeFileSync(
      path,
      `kind: table\nname: two\ntitle: Two\npaper: table1\nreads: { ap50: ap50 }
fills:\n  - { row: baseline-2b, run: eval.yaml }\n  - { row: sft-2b, run: second.yaml }\n`,
    );
    const hold = join(folder, "hold");
    const wait = `case $PWD in *second-*) while [ -e ${hold} ]; do sleep 0.1; done; esac`;
    const program = "exec node /opt/r1sgg/dist/cli/main.js";
    writeFileSync(join(folder, "r1sgg"), `#!/bin/sh\n${wait}\n${program} "$@"\n`, { mode: 0o755 });
    const mounts = [`${folder}:${folder}:ro`, `${folder}/r1sgg:/opt/r1sgg/bin/r1sgg:ro`];
    return { hold, args: [path, "--runs", runs, ...mounts.flatMap((one) => ["--mount", one])] };
  }
  const onDocker = ["--on", "docker", "--gpus", "0", "--missing", "fail"];
  const launch = (...args: readonly string[]) =>
    execa(process.execPath, [cliFile, "launch", ...args, ...onDocker], { reject: false });

  it("runs a recipe's evaluation in a container", async () => {
    const { recipe, runs } = evaluation();
    const { stdout, stderr, exitCode } = await launch(recipe, "--runs", runs);
    expect(exitCode, stderr).toBe(0);
    const metrics = readFileSync(join(runs, stdout, "metrics.json"), "utf8");
    expect(JSON.parse(metrics)).toMatchObject({ compat: "strict", images: 2, failed: 0 });
    const record = await loadRecord(join(runs, stdout));
    expect(record).toMatchObject({
      state: "done",
      images: { reward: { reference: `r1sgg/reward:${version}` } },
    });
    expect(await findContainers(engine.host)).toEqual([]);
  });

  it("runs on after --detach has returned, and leaves nothing once it is done", async () => {
    const { recipe, runs } = evaluation();
    const { stdout, stderr, exitCode } = await launch(recipe, "--runs", runs, "--detach");
    expect(exitCode, stderr).toBe(0);
    const state = async () => (await loadRecord(join(runs, stdout)))?.state;
    await eventually("it is done", async () => (await state()) === "done");
    const left = () => findContainers(engine.host);
    await eventually("nothing is left", async () => (await left()).length === 0);
  });

  it("runs a study; one that was killed half-way goes on with what is not done", async () => {
    const { hold, args } = study();
    writeFileSync(hold, "");
    const killed = launch(...args);
    const running = async () =>
      (await findContainers(engine.host)).some(({ run }) => run.startsWith("second-"));
    await eventually("the second run has a container", running);
    killed.kill("SIGKILL");
    expect((await killed).stdout).toMatch(/^tiny-eval-\w+$/);
    const left = () => findContainers(engine.host);
    await eventually("the reaper has removed it", async () => (await left()).length === 0);
    rmSync(hold);
    const { stdout, stderr, exitCode } = await launch(...args);
    expect(exitCode, stderr).toBe(0);
    expect(stderr).toContain("2 runs: 1 done before, 1 now");
    expect(stdout).toMatch(/^tiny-eval-\w+\nsecond-\w+$/);
    expect(await left()).toEqual([]);
  });

  it("tells at once when a detached run cannot start", async () => {
    const { recipe, runs } = evaluation();
    const image = "reward=r1sgg-test/none:1";
    const { stderr, exitCode } = await launch(recipe, "--runs", runs, "--detach", "--image", image);
    expect(stderr).toMatch(
      /^r1sgg: Cannot start run "tiny-eval-\w+" in the background: [\s\S]*Cannot use image "r1sgg-test\/none:1"/m,
    );
    expect(exitCode).toBe(4);
  });
});
