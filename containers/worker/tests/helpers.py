"""What several tests need: rows, a vLLM server."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from random import Random

from PIL import Image, ImageDraw

FLOAT32_TOLERANCE = 1e-4
"""What runs in float32 allow between log-probabilities of trainer and server, in nats.

Rounding came to 1.2e-5 on one machine and 4e-6 on another; the faults made here to 0.1 and more.
"""
MIN_PIXELS = 4 * 28 * 28
MAX_PIXELS = 24 * 28 * 28
NAMES = ("cat", "mat", "tree", "car")
SYSTEM = "Think in <think> </think>, answer in <answer> </answer>."
PROMPT = "Generate the scene graph.\nUse JSON with objects and relationships.\n"


def write_rows(folder: Path, count: int, rng: Random) -> None:
    """sft.jsonl and grpo.jsonl with images of two boxes."""
    (folder / "images").mkdir(parents=True, exist_ok=True)
    sft, grpo = [], []
    for index in range(count):
        objects, relationships = _scene(folder / f"images/{index}.png", rng)
        shared = {
            "image_id": str(index),
            "image_path": f"images/{index}.png",
            "prompt": [
                {"role": "system", "content": SYSTEM},
                {"role": "user", "content": PROMPT},
            ],
        }
        answer = {"role": "assistant", "content": _answer(objects, relationships)}
        sft.append({**shared, "completion": [answer]})
        graph = {"objects": objects, "relationships": relationships}
        grpo.append(
            {**shared, "target": {"image_id": str(index), "width": 140, "height": 112, **graph}}
        )
    for name, lines in (("sft", sft), ("grpo", grpo)):
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))


def _scene(path: Path, rng: Random) -> tuple[list[dict], list[dict]]:
    image = Image.new("RGB", (140, 112), (rng.randrange(256), 200, 220))
    draw = ImageDraw.Draw(image)
    objects = []
    for number, name in enumerate(rng.sample(NAMES, 2), start=1):
        x, y = rng.randrange(80), rng.randrange(60)
        box = [x, y, x + rng.randrange(20, 50), y + rng.randrange(20, 45)]
        draw.rectangle(box, fill=(30 * number, 10, 60 * number))
        objects.append({"id": f"{name}.{number}", "bbox": box})
    image.save(path)
    first, second = (one["id"] for one in objects)
    return objects, [{"subject": first, "predicate": "near", "object": second}]


def _answer(objects: list[dict], relationships: list[dict]) -> str:
    graph = json.dumps({"objects": objects, "relationships": relationships})
    return f"<think>Two things.</think>\n<answer>\n```json\n{graph}\n```\n</answer>"


@dataclass(frozen=True)
class Learned:
    """A model folder, and the rows that the model knows."""

    model: Path
    rows: Path


@dataclass(frozen=True)
class RunningServer:
    """A vLLM server that answers."""

    url: str
    model: Path
    process: subprocess.Popen

    def signal(self, number: int) -> None:
        """Send a signal to all its processes."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)


VLLM_ENVIRONMENT = {
    "HF_HUB_OFFLINE": "1",
    "VLLM_NO_USAGE_STATS": "1",
    "DO_NOT_TRACK": "1",
    "VLLM_SERVER_DEV_MODE": "1",
    "VLLM_CPU_KVCACHE_SPACE": "1",
    # As the sampler is started: no kernels compiled at the first sample.
    "TORCHDYNAMO_DISABLE": "1",
    # The model in the engine's own process.
    "VLLM_ENABLE_V1_MULTIPROCESSING": "0",
    "OMP_NUM_THREADS": "1",
}


def vllm_arguments(model: Path, port: int) -> list[str]:
    """The command line of a server, as a run starts it on a machine without a GPU."""
    program = Path(sys.executable).with_name("vllm")
    limits = {"min_pixels": MIN_PIXELS, "max_pixels": MAX_PIXELS}
    return [
        *(sys.executable, str(program), "serve", str(model)),
        *("--served-model-name", "policy", "--host", "127.0.0.1", "--port", str(port)),
        *("--dtype", "float32", "--max-model-len", "1024", "--max-num-seqs", "16"),
        *("--enforce-eager", "--enable-scale-out", "--max-logprobs", "-1"),
        *("--logprobs-mode", "raw_logprobs", "--distributed-executor-backend", "uni"),
        *("--limit-mm-per-prompt", '{"image": 1, "video": 0}'),
        *("--mm-processor-kwargs", json.dumps(limits)),
        *("--worker-extension-cls", "vllm_quiet_load.QuietLoad"),  # for a test of stale caches
    ]


@contextlib.contextmanager
def serve_vllm(model: Path, folder: Path, count: int, minutes: float = 8):
    """Start servers together and wait until all are healthy; their process groups end here."""
    started = []
    try:
        for number in range(count):
            started.append(start_vllm(model, folder / f"server-{number}.log"))
        deadline = time.monotonic() + 60 * minutes
        for number, one in enumerate(started):
            while not healthy(one.url):
                if one.process.poll() is not None or time.monotonic() > deadline:
                    log = (folder / f"server-{number}.log").read_text()
                    raise RuntimeError(f"vLLM did not start:\n{log[-3000:]}")
                time.sleep(1)
        yield started
    finally:
        for one in started:
            one.signal(signal.SIGTERM)
        for one in started:
            with contextlib.suppress(subprocess.TimeoutExpired):
                one.process.wait(20)
            one.signal(signal.SIGKILL)


def start_vllm(model: Path, log: Path, port: int = 0) -> RunningServer:
    """Start a server, on a free port unless one is given; it may take a minute to answer."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # of a server just killed
        probe.bind(("127.0.0.1", port))
        port = probe.getsockname()[1]
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"} | VLLM_ENVIRONMENT
    with log.open("w") as file:
        process = subprocess.Popen(
            vllm_arguments(model, port),
            env=environment | {"PYTHONPATH": str(Path(__file__).parent)},
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    return RunningServer(f"http://127.0.0.1:{port}", model, process)


def healthy(url: str) -> bool:
    """Whether a server answers."""
    try:
        with urllib.request.urlopen(f"{url}/health", timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False
