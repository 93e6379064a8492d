"""A light stand-in for a vLLM 0.31 server: ``python vllm_stand_in.py PORT``, 0 for a free one.

It speaks vLLM's true protocol (routes, bodies, answers as read in vLLM's source) and keeps what
goes wrong in a real one: weights of the launch after a restart, caches that outlive an update, an
engine that dies of an image that it has seen. It samples and scores by rule, from two numbers, the
means of the language model's and of the image encoder's weights: see `score`. Tests make it fail by
``POST /stand-in/fault`` and read what it was asked by ``GET /stand-in/requests``.
"""

from __future__ import annotations

import base64
import json
import math
import os
import signal
import struct
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

SIDE = 28
IMAGE_TOKEN = 9
LAUNCH = (0.0, 0.0)


def score(token: int, language: float, image: float) -> float:
    """The log-probability that the stand-in gives a token."""
    return -1.0 - token % 7 / 10 + language + image


def image_tokens(width: int, height: int, least: int, most: int) -> int:
    """Tokens of an image, by the rule of Qwen2-VL."""
    wide, high = (max(SIDE, round(side / SIDE) * SIDE) for side in (width, height))
    if wide * high > most:
        shrink = math.sqrt(width * height / most)
        wide, high = (max(SIDE, math.floor(s / shrink / SIDE) * SIDE) for s in (width, height))
    elif wide * high < least:
        grow = math.sqrt(least / (width * height))
        wide, high = (math.ceil(s * grow / SIDE) * SIDE for s in (width, height))
    return wide * high // SIDE**2


class Engine:
    """What a server holds."""

    def __init__(self, port: int, settings: dict) -> None:
        self.port, self.settings, self.boot = port, settings, time.time()
        self.language, self.image = LAUNCH
        self.encoder_cache: dict[str, float] = {}
        self.worker_forgot: set[str] = set()
        self.prefix_cache: dict[str, tuple[float, float]] = {}
        self.updating, self.dead, self.grouped = False, False, False
        self.received = threading.Event()

    def load(self, tensors: dict[str, list[float]]) -> None:
        parts = {"visual": [], "": []}
        for name, values in tensors.items():
            parts["visual" if "visual" in name else ""] += values
        self.language, self.image = (
            sum(p) / len(p) if p else 0.0 for p in (parts[""], parts["visual"])
        )

    def scores(self, tokens: list[int], features: dict | None) -> list[float]:
        seen = 0.0
        if features:
            [picture] = features["mm_hashes"]["image"]
            if picture in self.worker_forgot:  # vLLM: "Encoder cache miss", EngineDeadError
                self.dead = True
                raise RuntimeError("EngineCore encountered an issue")
            seen = self.encoder_cache.setdefault(picture, self.image)
        prefix = json.dumps(tokens[:1])
        language, seen = self.prefix_cache.setdefault(prefix, (self.language, seen))
        return [score(token, language, seen) for token in tokens]


def read_safetensors(folder: Path) -> dict[str, list[float]]:
    data = (folder / "model.safetensors").read_bytes()
    end = 8 + int.from_bytes(data[:8], "little")
    tensors = {}
    for name, about in json.loads(data[8:end]).items():
        assert about["dtype"] == "F32"
        start, stop = about["data_offsets"]
        raw = data[end + start : end + stop]
        tensors[name] = list(struct.unpack(f"<{len(raw) // 4}f", raw))
    return tensors


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    engine: Engine
    faults: ClassVar[list[dict]] = []
    requests: ClassVar[list[list]] = []
    lock = threading.Lock()

    def log_message(self, *_) -> None:
        """Nothing to the terminal."""

    def do_GET(self) -> None:
        self.handle_route(self.path.partition("?")[0][1:], None)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        self.handle_route(self.path.partition("?")[0][1:], json.loads(body) if body else None)

    def handle_route(self, route: str, body: dict | None) -> None:
        if route.startswith("stand-in/"):
            self.answer(self.instruct(route, body))
            return
        with self.lock:
            self.requests.append([route, body])
            fault = next((one for one in self.faults if one["route"] == route), None)
            if fault is not None and fault["times"] is not None:
                fault["times"] -= 1
                if fault["times"] == 0:
                    self.faults.remove(fault)
        if fault is not None and self.fail(fault["do"]):
            return
        handler = getattr(self, "on_" + route.replace("/", "_"), None)
        if self.engine.dead and route != "metrics":
            self.answer({"error": "EngineDeadError"}, 500)
        elif handler is None:
            self.answer({"detail": "Not Found"}, 404)
        else:
            try:
                answer = handler(body)
            except (OSError, RuntimeError) as error:
                self.answer({"error": {"message": str(error)}}, 500)
            else:
                self.answer(answer)

    def instruct(self, route: str, body: dict | None):
        """What a test says or asks."""
        if route == "stand-in/requests":
            return self.requests
        if route == "stand-in/fault":
            self.faults.append(body)
        elif route == "stand-in/tensors":  # what comes by NCCL in a real one
            self.engine.load(body)
            self.engine.received.set()
        return {}

    def fail(self, how: str) -> bool:
        """Do what a test has asked for; false when the answer is still to be given."""
        if how == "die":
            os._exit(1)
        if how == "stall":
            threading.Event().wait()
        if how == "500":
            self.answer({"error": {"message": "made to fail"}}, 500)
        if how == "400":
            self.answer({"error": {"message": "made to refuse"}}, 400)
        if how == "nan":
            said = "Out of range float values are not JSON compliant"
            self.answer({"error": {"message": said, "type": "BadRequestError", "code": 400}}, 400)
        if how == "false":
            self.answer({"success": False})
        if how == "stop":
            os.kill(os.getpid(), signal.SIGSTOP)
            threading.Event().wait(1)  # the signal stops this thread too, but not at once
            return False
        return True

    def answer(self, value, status: int = 200) -> None:
        data = value.encode() if isinstance(value, str) else json.dumps(value).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def on_health(self, _):
        return ""

    def on_v1_models(self, _):
        return {"object": "list", "data": [{"id": "policy", "object": "model"}]}

    def on_server_info(self, _):
        backend = self.engine.settings.get("weight_transfer")
        config = {
            "model_config": {"logprobs_mode": self.engine.settings.get("logprobs", "raw_logprobs")},
            "weight_transfer_config": {"backend": backend} if backend else None,
        }
        return {"vllm_config": config}

    def on_metrics(self, _):
        name = "process_start_time_seconds"
        return f"# TYPE {name} gauge\n{name} {self.engine.boot}\n"

    def on_get_world_size(self, _):
        return {"world_size": 2}

    def on_v1_chat_completions_render(self, body):
        [part] = body["messages"][0]["content"]
        data = base64.b64decode(part["image_url"]["url"].partition(",")[2])
        width, height = struct.unpack(">II", data[16:24])  # of a PNG
        limits = (
            self.engine.settings.get("min", 4 * SIDE**2),
            self.engine.settings.get("max", 24 * SIDE**2),
        )
        length = image_tokens(width, height, *limits)
        digest = f"{width}x{height}:{hash(data)}"
        features = {
            "mm_hashes": {"image": [digest]},
            "mm_placeholders": {"image": [{"offset": 3, "length": length}]},
            "kwargs_data": {"image": [base64.b64encode(b"pixels").decode()]},
        }
        return {"token_ids": [1, 2, 3, *[IMAGE_TOKEN] * length], "features": features}

    def on_inference_v1_generate(self, body):
        prompt, sampling = body["token_ids"], body["sampling_params"]
        choices = []
        for index in range(sampling.get("n", 1)):
            ids = [prompt[-1] * 10 + index, index]
            scores = self.engine.scores([prompt[0], *ids], body.get("features"))[1:]
            content = [
                {"token": f"token_id:{token}", "logprob": value, "top_logprobs": []}
                for token, value in zip(ids, scores, strict=True)
            ]
            choices.append(
                {
                    "index": index,
                    "token_ids": ids,
                    "finish_reason": "length",
                    "logprobs": {"content": content},
                }
            )
        answer = {"request_id": body["request_id"], "choices": choices}
        if sampling.get("prompt_logprobs") is not None:
            rows = self.engine.scores(prompt, body.get("features"))
            answer["prompt_logprobs"] = [
                None,
                *(
                    {str(t): {"logprob": s, "rank": 1}}
                    for t, s in zip(prompt[1:], rows[1:], strict=True)
                ),
            ]
        return answer

    def on_collective_rpc(self, body):
        assert body["method"] == "reload_weights"
        self.engine.load(read_safetensors(Path(body["kwargs"]["weights_path"])))
        self.engine.worker_forgot = set(self.engine.encoder_cache)
        return {"results": [None]}

    def on_reset_mm_cache(self, _):
        return ""

    def on_reset_encoder_cache(self, _):
        self.engine.encoder_cache.clear()
        self.engine.worker_forgot.clear()
        return ""

    def on_reset_prefix_cache(self, _):
        self.engine.prefix_cache.clear()
        return {"success": True}

    def on_init_weight_transfer_engine(self, body):
        assert {"master_address", "master_port", "rank_offset", "world_size"} <= set(
            body["init_info"]
        )
        self.engine.grouped = True
        return {"message": "Weight transfer initialized"}

    def on_start_weight_update(self, _):
        if not self.engine.grouped:
            raise RuntimeError("not initialized")
        self.engine.updating = True
        self.engine.received.clear()
        return {"message": "Weight update started"}

    def on_update_weights(self, body):
        if not self.engine.updating:
            raise RuntimeError("no update was started")
        assert set(body["update_info"]) == {"names", "dtype_names", "shapes"}
        self.engine.received.wait()
        return {"message": "Weights updated"}

    def on_finish_weight_update(self, _):
        self.engine.updating = False
        return {"message": "Weight update finished"}


def main(port: int, settings: dict) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    Handler.engine = Engine(server.server_port, settings)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main(int(sys.argv[1]), json.loads(sys.argv[2]))
