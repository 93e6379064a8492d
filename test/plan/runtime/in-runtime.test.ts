import { describe, expect, it } from "vitest";
import { inRuntime, type Place } from "../../../src/plan/runtime/in-runtime.ts";
import type { Runtime } from "../../../src/plan/runtime/runtime.ts";
import { askPython, needsPython } from "../../helpers/python.ts";

const place: Place = {
  runDir: "/scratch/runs/grpo 1",
  runId: "grpo-psg-0123abcd",
  caches: ["/scratch/hf"],
  forward: ["R1SGG_ATTEMPT"],
};
const sampler = {
  name: "sampler-0",
  image: "sampler",
  gpus: [2, 3],
  env: { CUDA_VISIBLE_DEVICES: "2,3", OMP_NUM_THREADS: "16" },
} as const;
const reward = { name: "reward", image: "reward", gpus: [], env: {} } as const;

const images = { worker: "w.sif", sampler: "s.sif", reward: "r.sif" };
const mounts = [
  { from: "/data", to: "/in", read_only: true },
  { from: "/scratch/hf", to: null, read_only: true },
];
const runtimes = {
  none: { kind: "none" },
  apptainer: { kind: "apptainer", images, mounts, options: ["--rocm"] },
  pyxis: { kind: "pyxis", images, mounts },
  edf: {
    kind: "edf",
    images,
    mounts,
    annotations: { "com.hooks.aws_ofi_nccl.enabled": "true" },
    entrypoint: false,
    writable: true,
  },
  docker: { kind: "docker", program: "docker", images, mounts, options: ["--ulimit=memlock=-1"] },
  podman: { kind: "docker", program: "podman", images, mounts, options: [] },
} as const satisfies Record<string, Runtime>;

describe("inRuntime", () => {
  it.each(Object.entries(runtimes))("gives the golden call of %s", async (name, runtime) => {
    const calls = [sampler, reward].map((role) => inRuntime(runtime, role, place));
    const text = `${JSON.stringify(calls, null, 2)}\n`;
    await expect(text).toMatchFileSnapshot(`golden/${name}.txt`);
  });

  it("mounts the run folder and the caches, and lets the profile's word win", () => {
    const { prefix } = inRuntime(runtimes.apptainer, reward, place);
    const binds = prefix.filter((_, at) => prefix[at - 1] === "--bind");
    expect(binds).toEqual([
      "/scratch/runs/grpo 1:/scratch/runs/grpo 1",
      "/scratch/hf:/scratch/hf:ro",
      "/data:/in:ro",
    ]);
  });

  it("gives Docker the devices by number, and no CUDA_VISIBLE_DEVICES that would count anew", () => {
    const { prefix, env } = inRuntime(runtimes.docker, sampler, place);
    expect(prefix).toContain('--gpus="device=2,3"');
    expect([...prefix, ...Object.keys(env)].join(" ")).not.toContain("CUDA_VISIBLE_DEVICES");
  });

  it("names the container that the trap removes", () => {
    const { prefix, cleanup } = inRuntime(runtimes.docker, reward, place);
    expect(prefix).toContain("--name=r1sgg-grpo-psg-0123abcd-reward");
    expect(cleanup).toEqual([["docker", "rm", "--force", "r1sgg-grpo-psg-0123abcd-reward"]]);
  });

  it("lets a role's variable win over the isolation's", () => {
    const role = { ...reward, env: { XDG_CACHE_HOME: "/c" } };
    expect(inRuntime(runtimes.apptainer, role, place).env).toEqual({
      APPTAINERENV_PYTHONNOUSERSITE: "1",
      APPTAINERENV_XDG_CACHE_HOME: "/c",
      APPTAINERENV_TRITON_HOME: "/tmp/r1sgg",
    });
  });

  it(needsPython("writes an EDF that Python reads as TOML"), () => {
    const { files } = inRuntime(
      { ...runtimes.edf, images: { ...images, reward: 'a"\\b' } },
      reward,
      place,
    );
    const program =
      "import json, sys, tomllib; print(json.dumps(tomllib.loads(json.load(sys.stdin))))";
    expect(askPython(program, files["artifacts/edf/reward.toml"])).toEqual({
      image: 'a"\\b',
      mounts: [
        "/scratch/runs/grpo 1:/scratch/runs/grpo 1",
        "/scratch/hf:/scratch/hf:ro",
        "/data:/in:ro",
      ],
      workdir: "/scratch/runs/grpo 1",
      entrypoint: false,
      writable: true,
      annotations: { "com.hooks.aws_ofi_nccl.enabled": "true" },
    });
  });
});
