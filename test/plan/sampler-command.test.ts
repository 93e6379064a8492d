import { describe, expect, it } from "vitest";
import { type ServeOptions, serveCommand } from "../../src/plan/sampler-command.ts";

describe("serveCommand", () => {
  const plain: ServeOptions = {
    ...{ model: "/models/a b", device: "cuda", dtype: "bfloat16" },
    ...{ maxModelLen: "auto", weights: null },
  };

  it("says no more than it is told", () => {
    expect(serveCommand(plain)).toEqual({
      args: [
        ...["/models/a b", "--dtype", "bfloat16"],
        ...["--max-model-len", "auto", "--limit-mm-per-prompt", '{"image":1,"video":0}'],
      ],
      env: {
        ...{ PYTHONUNBUFFERED: "1", VLLM_NO_USAGE_STATS: "1", DO_NOT_TRACK: "1" },
        VLLM_USE_FLASHINFER_SAMPLER: "0",
      },
    });
  });

  it("gives the processor its pixels and the server its name and share", () => {
    const { args } = serveCommand({
      ...{ ...plain, name: "policy", maxNumSeqs: 8, gpuMemoryUtilization: 0.35 },
      pixels: { minPixels: 3136, maxPixels: 18816 },
    });
    expect(args.join(" ")).toContain("--served-model-name policy");
    expect(args.join(" ")).toContain("--max-num-seqs 8");
    expect(args).toContain('{"min_pixels":3136,"max_pixels":18816}');
    expect(args.join(" ")).toContain("--gpu-memory-utilization 0.35");
  });

  it("opens the routes of training only for training", () => {
    const routes = ["--enable-scale-out", "raw_logprobs", "VLLM_SERVER_DEV_MODE"];
    const [idle, training] = ([null, "disk"] as const).map((weights) =>
      JSON.stringify(serveCommand({ ...plain, weights })),
    );
    expect(routes.map((route) => idle!.includes(route))).toEqual([false, false, false]);
    expect(routes.map((route) => training!.includes(route))).toEqual([true, true, true]);
  });

  it("opens NCCL's transfer only where weights come by it, and shares a model out over GPUs", () => {
    const text = (more: Partial<ServeOptions>) =>
      serveCommand({ ...plain, ...more }).args.join(" ");
    expect(text({ weights: "nccl" })).toContain('--weight-transfer-config {"backend":"nccl"}');
    expect(text({ weights: "disk" })).not.toContain("--weight-transfer-config");
    expect(text({ tensorParallel: 2 })).toContain("--tensor-parallel-size 2");
    expect(text({ tensorParallel: 1 })).not.toContain("--tensor-parallel-size");
    expect(text({ host: "127.0.0.1" })).toContain("--host 127.0.0.1");
  });

  it("keeps servers that share a CPU off each other's cores", () => {
    const cpu = { ...plain, device: "cpu", gpuMemoryUtilization: 0.3 } as const;
    expect(serveCommand(cpu).args.join(" ")).toMatch(/--enforce-eager .*uni$/);
    expect(serveCommand(cpu).env).toMatchObject({
      VLLM_ENABLE_V1_MULTIPROCESSING: "0", // else vLLM 0.31 does not heed uni
      OMP_NUM_THREADS: "1",
    });
    expect(serveCommand(cpu).env).toMatchObject({ TORCHDYNAMO_DISABLE: "1" }); // no compiler needed
    expect(serveCommand({ ...cpu, threads: 3 }).env).toMatchObject({
      VLLM_CPU_OMP_THREADS_BIND: "nobind",
      OMP_NUM_THREADS: "3",
    });
  });
});
