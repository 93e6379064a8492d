import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa, execaSync } from "execa";
import { afterAll, beforeAll, expect, it } from "vitest";
import { inRuntime } from "../../../src/plan/runtime/in-runtime.ts";
import type { Runtime } from "../../../src/plan/runtime/runtime.ts";
import { type Engine, startEngine } from "../../helpers/docker/engine.ts";
import { importLightBase, lightBase } from "../../helpers/docker/light-base.ts";
import { requires } from "../../helpers/requires.ts";
import { eventually, fixture } from "../../launch/run-folder.ts";

/** What a role's program sees: written into the run folder, which is where it starts. */
const look =
  'echo "cwd $(pwd) threads $OMP_NUM_THREADS attempt $R1SGG_ATTEMPT home $([ -e "$HOST_HOME" ] && echo seen) word $1" | tee seen.txt';
const role = {
  name: "sampler-0",
  image: "sampler",
  gpus: [],
  env: { OMP_NUM_THREADS: "16", HOST_HOME: process.env.HOME ?? "/root", LIST: "a,b c" },
} as const;

/** Runs the role as a script of Slurm's would: exports, srun, prefix, command. */
function call(runtime: Runtime, runDir: string) {
  const place = { runDir, runId: "t-0123abcd", caches: [], forward: ["R1SGG_ATTEMPT"] };
  const made = inRuntime(runtime, role, place);
  for (const [path, text] of Object.entries(made.files)) {
    mkdirSync(dirname(join(runDir, path)), { recursive: true });
    writeFileSync(join(runDir, path), text);
  }
  const argv = [...made.prefix, "sh", "-c", look, "sh", "two words"];
  const forwarded = { R1SGG_ATTEMPT: "2", [`${made.forwardAs}R1SGG_ATTEMPT`]: "2" };
  return { argv, srun: made.srun, env: { ...made.env, ...forwarded }, cleanup: made.cleanup };
}

const seen = (runDir: string): string => readFileSync(join(runDir, "seen.txt"), "utf8");
const expected = (runDir: string) => `cwd ${runDir} threads 16 attempt 2 home  word two words\n`;

requires("charliecloud").describe("inRuntime, through doubles that run Charliecloud", () => {
  let folder = "";
  let image = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "r1sgg-runtime-"));
    image = join(folder, "image");
    for (const path of ["bin", "dev", "etc", "proc", "sys", "tmp"])
      mkdirSync(join(image, path), { recursive: true });
    for (const path of ["hosts", "resolv.conf", "passwd", "group"])
      writeFileSync(join(image, "etc", path), "");
    writeFileSync(join(image, "environment"), "OMP_NUM_THREADS=1\nLIST=of the image\n");
    copyFileSync("/bin/busybox", join(image, "bin/busybox"));
    for (const applet of ["sh", "env", "echo", "pwd", "tee", "[", "printf"])
      symlinkSync("busybox", join(image, "bin", applet));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const run = (runtime: Runtime, runDir: string) => {
    mkdirSync(runDir, { recursive: true });
    const { argv, srun, env } = call(runtime, runDir);
    const words = srun.length > 0 ? ["srun", ...srun, ...argv] : argv;
    const path = `${fixture("runtimes")}:${dirname(process.execPath)}:${process.env.PATH}`;
    return execaSync(words[0] ?? "", words.slice(1), { env: { ...env, PATH: path } });
  };
  const images = () => ({ reward: image, sampler: image, worker: image });
  const mounts = () => [{ from: folder, to: "/data", read_only: true }];

  it.each([
    ["apptainer", () => ({ kind: "apptainer", images: images(), mounts: mounts(), options: [] })],
    ["pyxis", () => ({ kind: "pyxis", images: images(), mounts: mounts() })],
    [
      "edf",
      () => ({
        ...{ kind: "edf", images: images(), mounts: mounts() },
        ...{ annotations: {}, entrypoint: false, writable: true },
      }),
    ],
  ] as const)(
    "%s: the role's variables win, it starts in the run folder and sees no home",
    (name, runtime) => {
      const runDir = join(folder, `runs of ${name}`);
      run(runtime() as Runtime, runDir);
      expect(seen(runDir)).toBe(expected(runDir));
    },
  );

  it("the doubles refuse an option that the real thing has not", () => {
    const runtime = {
      kind: "apptainer",
      images: images(),
      mounts: [],
      options: ["--gpu-all"],
    } as const;
    expect(() => run(runtime, join(folder, "refused"))).toThrow(/unknown option --gpu-all/);
  });
});

requires("docker").describe(
  "inRuntime for Docker, on a real engine by its own command line",
  () => {
    let engine: Engine;
    let runDir = "";
    beforeAll(async () => {
      engine = await startEngine();
      await importLightBase(engine.docker);
      runDir = mkdtempSync(join(tmpdir(), "r1sgg run-"));
    });
    afterAll(async () => {
      if (runDir !== "") rmSync(runDir, { recursive: true });
      await engine?.close();
    });
    const images = { reward: lightBase, sampler: lightBase, worker: lightBase };
    const runtime: Runtime = { kind: "docker", program: "docker", images, mounts: [], options: [] };

    it("the role's variables win, it starts in the run folder and sees no home", async () => {
      const { argv, env } = call(runtime, runDir);
      await execa(argv[0] ?? "", argv.slice(1), { env: { ...env, DOCKER_HOST: engine.host } });
      expect(seen(runDir)).toBe(expected(runDir));
      expect(await engine.docker.listContainers({ all: true })).toEqual([]);
    });

    it("the trap's command removes the container that outlives its step", async () => {
      const { argv, env, cleanup } = call(runtime, runDir);
      const all = { ...env, DOCKER_HOST: engine.host };
      const at = argv.indexOf(lightBase);
      const stays = [...argv.slice(1, at + 1), "sleep", "600"];
      const step = execa(argv[0] ?? "", stays, { env: all, reject: false });
      const running = () => engine.docker.listContainers();
      await eventually("it runs", async () => (await running()).length === 1);
      step.kill("SIGKILL");
      await step;
      expect(await running()).toHaveLength(1);
      for (const [program = "", ...args] of cleanup) await execa(program, args, { env: all });
      expect(await engine.docker.listContainers({ all: true })).toEqual([]);
    });
  },
);
