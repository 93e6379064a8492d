import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { SggError } from "../../../src/errors.ts";
import { type DockerSettings, launchOnDocker } from "../../../src/launch/docker/launch.ts";
import { findContainers } from "../../../src/launch/docker/sweep.ts";
import { readOwnRecord } from "../../../src/launch/record.ts";
import { type Engine, startEngine } from "../../helpers/docker/engine.ts";
import { importLightBase } from "../../helpers/docker/light-base.ts";
import { lightImages, tinyPlan, tinyRecipe } from "../../helpers/docker/tiny-plan.ts";
import { requires } from "../../helpers/requires.ts";
import { errorOf, eventually, runFolder } from "../run-folder.ts";

const needing = requires("docker");

needing.describe("launchOnDocker", () => {
  let engine: Engine;
  let settings: DockerSettings;
  beforeAll(async () => {
    engine = await startEngine({ nvidia: true });
    await importLightBase(engine.docker);
    settings = {
      ...{ host: engine.host, variant: "cpu", images: lightImages, whenMissing: "fail" },
      user: `${process.getuid?.()}:${process.getgid?.()}`,
      ...{
        mounts: [],
        limits: { shmMib: null, memlock: null },
        secrets: [],
        env: {},
        graceMs: 60_000,
      },
    };
  });
  afterAll(() => engine?.close());

  const said: string[] = [];
  const tell = {
    update: () => undefined,
    end: () => undefined,
    say: (text: string) => void said.push(text),
  };
  const logOf = (dir: string, role: string) => readFileSync(join(dir, `logs/${role}.log`), "utf8");
  const running = async () =>
    (await findContainers(engine.host)).filter(({ state }) => state === "running");
  const allUp = (dir: string) =>
    eventually("all roles run", async () => {
      const found = await running();
      return found.length === 3 && logOf(dir, "trainer").includes("answered");
    });

  it("runs the roles in order, each in its container, and leaves nothing", async () => {
    const { dir } = runFolder();
    await launchOnDocker(tinyPlan(), tinyRecipe, { runDir: dir, runsDir: dir }, settings, tell);
    expect(readFileSync(join(dir, "answer.txt"), "utf8")).toBe("ok");
    expect(readFileSync(join(dir, "artifacts/note.txt"), "utf8")).toBe("from the plan\n");
    expect(logOf(dir, "reward")).toContain("asked to end");
    expect(await findContainers(engine.host)).toEqual([]);
    expect(readOwnRecord(dir)).toMatchObject({
      state: "done",
      engine: engine.host,
      images: { worker: { reference: lightImages.worker, id: expect.stringMatching(/^sha256:/) } },
    });
    const facts = JSON.parse(readFileSync(join(dir, "facts.json"), "utf8"));
    const image = expect.stringMatching(new RegExp(`^${lightImages.worker} sha256:[0-9a-f]{12}$`));
    expect(facts).toMatchObject({
      stack: { "worker image": image },
      code: expect.stringMatching(/^r1sgg /),
    });
  });

  it("gives each container its devices by number", async () => {
    const { dir } = runFolder();
    await launchOnDocker(
      tinyPlan({ gpus: [1, 3, 5] }),
      tinyRecipe,
      { runDir: dir, runsDir: dir },
      settings,
      tell,
    );
    expect(logOf(dir, "sampler")).toContain("devices 1.");
    expect(logOf(dir, "reward")).toContain("devices .");
    expect(await engine.devices()).toEqual([
      "NVIDIA_VISIBLE_DEVICES=1,3,5", // the trial, before any role
      "NVIDIA_VISIBLE_DEVICES=1",
      "NVIDIA_VISIBLE_DEVICES=3,5",
    ]);
  });

  it("hands on secrets as files, and shows them in no inspect", async () => {
    const { dir } = runFolder();
    process.env.HF_TOKEN = "hf_very secret";
    const run = launchOnDocker(
      tinyPlan({ ends: "stay" }),
      tinyRecipe,
      { runDir: dir, runsDir: dir },
      { ...settings, secrets: ["HF_TOKEN"] },
      tell,
    );
    await allUp(dir);
    const shown = await Promise.all(
      (await running()).map(({ id }) => engine.docker.getContainer(id).inspect()),
    );
    writeFileSync(join(dir, "finish"), "");
    await run;
    delete process.env.HF_TOKEN;
    expect(logOf(dir, "reward")).toContain("token hf_very secret");
    expect(JSON.stringify(shown)).not.toContain("hf_very secret");
  });

  it("ends the run when a container is killed, and names it", async () => {
    const { dir } = runFolder();
    const run = errorOf(
      launchOnDocker(
        tinyPlan({ ends: "stay" }),
        tinyRecipe,
        { runDir: dir, runsDir: dir },
        settings,
        tell,
      ),
    );
    await allUp(dir);
    const victim = (await running()).find(({ role }) => role === "sampler");
    await engine.docker.getContainer(victim?.id ?? "").kill();
    const error = (await run) as SggError;
    expect(error.message).toMatch(/^Cannot go on without role "sampler": it was killed by SIGKILL/);
    expect(error.code).toBe("LAUNCH");
    expect(logOf(dir, "trainer")).toContain("saved a checkpoint");
    expect(await findContainers(engine.host)).toEqual([]);
  });

  it("ends the run when the process that stands for a container is killed", async () => {
    const { dir } = runFolder();
    const run = errorOf(
      launchOnDocker(
        tinyPlan({ ends: "stay" }),
        tinyRecipe,
        { runDir: dir, runsDir: dir },
        settings,
        tell,
      ),
    );
    await allUp(dir);
    const trainer = readOwnRecord(dir).roles.find(({ name }) => name === "trainer");
    process.kill(trainer?.pid ?? 0, "SIGKILL");
    expect((await run) as SggError).toMatchObject({ code: "LAUNCH" });
    expect(await findContainers(engine.host)).toEqual([]);
  });

  it("tells a role that gives up from an engine that fails", async () => {
    const { dir } = runFolder();
    const error = (await errorOf(
      launchOnDocker(
        tinyPlan({ ends: "7" }),
        tinyRecipe,
        { runDir: dir, runsDir: dir },
        settings,
        tell,
      ),
    )) as SggError;
    expect(error.message).toContain('role "trainer": it ended with exit code 7');
    expect(error.code).toBe("ROLE");
  });

  it("ends the start at once when a role dies before it is ready, with its last lines", async () => {
    const { dir } = runFolder();
    const plan = tinyPlan();
    const roles = plan.roles.map((role) =>
      role.name === "sampler"
        ? {
            ...role,
            command: ["sh", "-c", "echo no room on the GPU >&2; exit 3"],
          }
        : role,
    );
    const error = (await errorOf(
      launchOnDocker({ ...plan, roles }, tinyRecipe, { runDir: dir, runsDir: dir }, settings, tell),
    )) as SggError;
    expect(error.message).toMatch(
      /role "sampler": it ended with exit code 3[\s\S]*no room on the GPU/,
    );
    expect(await findContainers(engine.host)).toEqual([]);
  });

  it("says what is wrong with a command that is not in the image", async () => {
    const { dir } = runFolder();
    const plan = tinyPlan();
    const roles = plan.roles.map((role) => ({ ...role, command: ["no-such-program"] }));
    const error = (await errorOf(
      launchOnDocker({ ...plan, roles }, tinyRecipe, { runDir: dir, runsDir: dir }, settings, tell),
    )) as SggError;
    expect(error.message).toContain("no-such-program");
    expect(error.code).toBe("LAUNCH");
  });

  it("lets a killed dockerd end the run, and the next start remove what it left", async () => {
    const { dir } = runFolder();
    const run = errorOf(
      launchOnDocker(
        tinyPlan({ ends: "stay" }),
        tinyRecipe,
        { runDir: dir, runsDir: dir },
        settings,
        tell,
      ),
    );
    await allUp(dir);
    await engine.kill();
    const error = (await run) as SggError;
    expect(error).toMatchObject({
      code: "LAUNCH",
      message: expect.stringContaining("Cannot run container"),
    });
    expect(said.at(-1)).toMatch(/containers of the run may be left: .* does not answer/);
    await engine.start();
    expect(await findContainers(engine.host)).toHaveLength(3);
    const ended = async () => (await running()).length === 0;
    await eventually("dockerd ends what ran under the one before", ended, 60_000);
    await launchOnDocker(tinyPlan(), tinyRecipe, { runDir: dir, runsDir: dir }, settings, tell);
    expect(await findContainers(engine.host)).toEqual([]);
  });

  it("notes the versions that the image's Python tells", async () => {
    const { dir } = runFolder();
    const python = join(dir, "../../python");
    const answer = `'{"python":"of the image","torch":"%s"}' "$3"`;
    writeFileSync(python, `#!/bin/sh\ncase $2 in *importlib*) printf ${answer};; esac\n`, {
      mode: 0o755,
    });
    const mounts = [{ from: python, to: "/usr/local/bin/python", read_only: true }];
    const place = { runDir: dir, runsDir: dir };
    await launchOnDocker(tinyPlan(), tinyRecipe, place, { ...settings, mounts }, tell);
    expect(JSON.parse(readFileSync(join(dir, "facts.json"), "utf8"))).toMatchObject({
      stack: { python: "of the image", torch: "torch" },
      hardware: expect.stringMatching(/^\d+ × ./),
    });
  });

  it("starts nothing where an image is missing", async () => {
    const { dir } = runFolder();
    const images = { ...lightImages, worker: "r1sgg-test/none:1" };
    const error = (await errorOf(
      launchOnDocker(
        tinyPlan(),
        tinyRecipe,
        { runDir: dir, runsDir: dir },
        { ...settings, images },
        tell,
      ),
    )) as SggError;
    expect(error.message).toMatch(
      /^Cannot use image "r1sgg-test\/none:1": .* \(r1sgg containers build worker/,
    );
    expect(readOwnRecord(dir).roles).toEqual([]);
  });

  it("mounts what it is told to, read-only", async () => {
    const { dir } = runFolder();
    const data = join(dir, "../../data");
    mkdirSync(data);
    writeFileSync(join(data, "rows"), "rows");
    const plan = tinyPlan();
    const script = "cat /in/rows; touch /in/more 2>&1; echo $?";
    const roles = [{ ...plan.roles[2]!, after: [], command: ["sh", "-c", script] }];
    const mounts = [{ from: data, to: "/in", read_only: true }];
    await launchOnDocker(
      { ...plan, roles },
      tinyRecipe,
      { runDir: dir, runsDir: dir },
      { ...settings, mounts },
      tell,
    );
    expect(logOf(dir, "trainer")).toMatch(/rows.*Read-only file system\n1$/m);
  });

  it("gives shared memory of its own where it is asked for", async () => {
    const { dir } = runFolder();
    const plan = tinyPlan();
    const roles = [{ ...plan.roles[2]!, after: [], command: ["df", "-m", "/dev/shm"] }];
    const limits = { shmMib: 123, memlock: 64 * 1024 };
    await launchOnDocker(
      { ...plan, roles },
      tinyRecipe,
      { runDir: dir, runsDir: dir },
      { ...settings, limits },
      tell,
    );
    expect(logOf(dir, "trainer")).toMatch(/^shm +123 /m);
  });
});

needing.describe("launchOnDocker on an engine without GPUs", () => {
  it("refuses a run with GPUs in a sentence, before any role", async () => {
    const engine = await startEngine();
    try {
      await importLightBase(engine.docker);
      const { dir } = runFolder();
      const settings: DockerSettings = {
        ...{ host: engine.host, variant: "cpu", images: lightImages, whenMissing: "fail" },
        ...{
          user: null,
          mounts: [],
          limits: { shmMib: null, memlock: null },
          secrets: [],
          env: {},
        },
      };
      const tell = { update: () => undefined, end: () => undefined, say: () => undefined };
      const run = launchOnDocker(
        tinyPlan({ gpus: [0, 1] }),
        tinyRecipe,
        { runDir: dir, runsDir: dir },
        settings,
        tell,
      );
      expect(await errorOf(run)).toMatchObject({
        code: "LAUNCH",
        message: expect.stringMatching(
          /^Cannot use GPUs 0, 1 on "unix:.*": the engine said "could not select device driver .*", expected a machine that has them and NVIDIA's Container Toolkit/,
        ),
      });
      expect(readOwnRecord(dir).roles).toEqual([]);
      expect(await engine.docker.listContainers({ all: true })).toEqual([]);
    } finally {
      await engine.close();
    }
  });
});
