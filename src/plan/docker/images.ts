import type { PlanRole } from "../run-plan.ts";
import { home, type ImageDefinition, type Step } from "./image.ts";

const python = `${home}/python/bin/python`;
const lockFolder = `${home}/lock`;

/**
 * Where installers keep what they fetched. Named to them, since a base made of a plain tree need not say
 * that root's home is /root: a cache anywhere else would stay in the image and double it.
 */
const caches = { pip: "/root/.cache/pip", uv: "/root/.cache/uv", npm: "/root/.npm" } as const;

/** Bases with Python: NGC's image has CUDA, NCCL and a compiler for Triton, and one name for both architectures. */
const pythonBases = {
  cpu: "python:3.12-slim-bookworm",
  cuda: "nvcr.io/nvidia/pytorch:26.02-py3",
  alps: "ghcr.io/eth-cscs/alps-extended-images/ngc-pytorch:26.02-py3-alps6",
} as const;
const lock = { cpu: "cpu", cuda: "cuda", alps: "cuda" } as const;

/**
 * The locked Python environment, the same steps for both images, so that they share its one layer.
 *
 * Compiled at once: a container's user may not write bytecode, and every start would compile anew.
 * NGC sets PIP_CONSTRAINT to its own versions, which are not the lock's.
 */
const environment: readonly Step[] = [
  {
    run: [
      `python3 -c 'import ctypes; ctypes.CDLL("libnuma.so.1")' 2>/dev/null || { apt-get update && apt-get install -y --no-install-recommends libnuma1; }`,
      "rm -rf /var/lib/apt/lists/*",
    ],
    allow: { codes: ["DL3008"], why: "the base decides which libnuma1 its Debian or Ubuntu has" },
  },
  {
    copy: [
      "worker/requirements-uv.txt",
      "worker/requirements-cpu.txt",
      "worker/requirements-cuda.txt",
      "worker/src/r1sgg_worker/vllm_metadata.py",
    ],
    to: `${lockFolder}/`,
  },
  {
    run: [
      "python3 -m venv /tmp/uv",
      `PIP_CONSTRAINT='' PIP_CACHE_DIR=${caches.pip} /tmp/uv/bin/pip install --disable-pip-version-check --no-deps --require-hashes -r ${lockFolder}/requirements-uv.txt`,
      `/tmp/uv/bin/uv venv --python python3 ${home}/python`,
      `UV_CACHE_DIR=${caches.uv} UV_LINK_MODE=copy UV_HTTP_TIMEOUT=180 /tmp/uv/bin/uv pip sync --python ${python} --compile-bytecode --require-hashes "${lockFolder}/requirements-\${LOCK}.txt"`,
      `${python} ${lockFolder}/vllm_metadata.py`,
      "rm -rf /tmp/uv",
    ],
    caches: [caches.pip, caches.uv],
    allow: { codes: ["DL3042"], why: "the cache lies outside the image" },
  },
  {
    // On GPUs Triton compiles, and so does vLLM on CPU where nobody sets TORCHDYNAMO_DISABLE, as our
    // plans do. NGC's images bring what that needs, Docker's Python the headers.
    run: [
      "command -v g++ || { apt-get update && apt-get install -y --no-install-recommends g++; }",
      `python3 -c 'import os, sysconfig; os.stat(sysconfig.get_path("include") + "/Python.h")' || { apt-get update && apt-get install -y --no-install-recommends python3-dev; }`,
      "rm -rf /var/lib/apt/lists/*",
    ],
    allow: { codes: ["DL3008"], why: "the base decides which g++ its Debian or Ubuntu has" },
  },
];

const pythonEnv = {
  PATH: `${home}/python/bin:$PATH`,
  R1SGG_PYTHON_ENV: `${home}/python`,
  PYTHONUNBUFFERED: "1",
};

const askHealth = (url: string): string =>
  `import os, urllib.request; urllib.request.urlopen(os.environ.get('R1SGG_HEALTH', '${url}'), timeout=5)`;

/** The three images, by the name that a plan's role gives. */
export const images = {
  reward: {
    name: "reward",
    summary: "The reward endpoint and the command line of r1sgg, on Node",
    base: { cpu: "node:24-bookworm-slim" },
    build: {
      steps: [
        { copy: ["reward/r1sgg.tgz"], to: "/tmp/" },
        {
          run: [
            `mkdir -p ${home}`,
            `tar -xzf /tmp/r1sgg.tgz -C ${home} --strip-components=1`,
            `npm ci --prefix ${home} --cache ${caches.npm} --omit=dev --ignore-scripts --no-audit --no-fund`,
          ],
          caches: [caches.npm],
        },
      ],
      keep: home,
    },
    steps: [],
    env: { PATH: `${home}/bin:$PATH` },
    command: ["r1sgg", "--help"],
    health: ["node", `${home}/containers/reward/health.mjs`],
  },
  sampler: {
    name: "sampler",
    summary: "vLLM, which samples completions for training and inference",
    base: pythonBases,
    lock,
    steps: [...environment],
    env: pythonEnv,
    command: ["vllm", "--help"],
    health: ["python", "-c", askHealth("http://127.0.0.1:8000/health")],
  },
  worker: {
    name: "worker",
    summary: "TRL and the worker package of r1sgg: SFT, GRPO and checks of a model",
    base: pythonBases,
    lock,
    steps: [...environment, { copy: ["worker/src"], to: `${home}/worker` }],
    env: { ...pythonEnv, PYTHONPATH: `${home}/worker` },
    command: ["python", "-m", "r1sgg_worker", "--help"],
    // A worker answers nobody: it is well while the file that it writes its progress to grows.
    health: ["sh", "-c", 'test -z "$R1SGG_HEALTH" || test -n "$(find "$R1SGG_HEALTH" -mmin -30)"'],
  },
} as const satisfies Record<PlanRole["image"], ImageDefinition>;
