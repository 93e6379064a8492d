"""Client of one vLLM server: as TRL's, with short limits, plain errors, weights by disk."""

from __future__ import annotations

import re
import time
import uuid
from typing import TYPE_CHECKING, Any

from trl.generation.vllm_client import VLLMClient

from .errors import ConfigError, SamplerError
from .plain_http import PlainAdapter
from .retry import pause_s

if TYPE_CHECKING:
    from pathlib import Path

    from .endpoints import SamplerEndpoint

_LOGPROBS_MODE = "raw_logprobs"
_CACHES = ("mm", "encoder", "prefix")
_RESETS = 4
_BOOT = re.compile(r"^process_start_time_seconds\s+(\S+)", re.MULTILINE)
_BOOT_TIMEOUT_S = 30.0
_SHORTEST_TIMEOUT_S = 0.1
_TRL_GROUP_PORT = 51216


class Sampler(VLLMClient):
    """One server, named by its URL.

    Differs from TRL's client in what a run must be able to rely on: no silent retries (TRL waits a
    minute for a dead server) and a time limit on every request (TRL has none).

    Unit: seconds; ``until`` is a time of ``time.monotonic``. Errors: see `PlainAdapter`.
    """

    def __init__(
        self, endpoint: SamplerEndpoint, connect_timeout_s: float, timeout_s: float
    ) -> None:
        self.endpoint = endpoint
        self.name = endpoint.url.rstrip("/")
        self._adapter = PlainAdapter(endpoint, connect_timeout_s, timeout_s)
        self._timeout_s = timeout_s
        super().__init__(base_url=self.name, group_port=endpoint.group_port or _TRL_GROUP_PORT)
        mode = self.get_server_info()["model_config"]["logprobs_mode"]
        if mode != _LOGPROBS_MODE:
            raise ConfigError(
                f'Cannot use sampler "{self.name}": --logprobs-mode is {mode}, '
                f"expected {_LOGPROBS_MODE}"
            )

    def check_server(self, total_timeout: float = 0.0, retry_interval: float = 2.0) -> None:
        """Ask for its health once; TRL calls this while it sets up the connection."""
        del total_timeout, retry_interval
        self.session.mount("http://", self._adapter)
        self.session.mount("https://", self._adapter)
        self.session.get(f"{self.base_url}/health")

    def boot_time(self) -> str:
        """When the server's process started, as it says itself.

        A server that was restarted answers, but from the weights of its launch.
        Errors: ConfigError when it does not say.
        """
        limit = min(self._timeout_s, _BOOT_TIMEOUT_S)
        found = _BOOT.search(self.session.get(f"{self.base_url}/metrics", timeout=limit).text)
        if found is None:
            raise ConfigError(
                f'Cannot use sampler "{self.name}": /metrics has no process_start_time_seconds, '
                "expected a server of one API process"
            )
        return found[1]

    def load(self, folder: Path, until: float) -> None:
        """Load weights from a folder in place, then drop all that the old weights computed."""
        request = {"method": "reload_weights", "kwargs": {"weights_path": str(folder)}}
        self.post("collective_rpc", request, until)
        self.reset_caches(until)

    def reset_caches(self, until: float) -> None:
        """Drop all that the weights of before have computed.

        All three caches must go: with the encoder cache kept, vLLM 0.31 dies at the next image that
        it has seen before (EngineDeadError) or describes it from old weights; with the others kept,
        it answers from old weights. The prefix cache is held while requests run that a client has
        given up: then it is asked again.
        """
        for cache in _CACHES:
            for attempt in range(1, _RESETS + 1):
                answer = self.post(f"reset_{cache}_cache", None, until)
                if not answer.text or answer.json() in (None, {}, {"success": True}):
                    break
                if attempt == _RESETS:
                    raise SamplerError(
                        f'Cannot reset the {cache} cache of sampler "{self.name}": '
                        f"answered {answer.text}, expected success"
                    )
                time.sleep(pause_s(attempt, 0.1))

    def score(
        self, token_ids: list[int], features: Any, start: int, most_likely: int = 0
    ) -> list[dict[int, float]]:
        """Log-probabilities of the tokens from ``start`` on, each after those before it.

        Shape: for each of these tokens, by token id: its own and those of the most likely ones.
        Unit: nats; before any bias, temperature or truncation.
        """
        body = {
            "request_id": f"r1sgg-{uuid.uuid4().hex}",
            "model": self.model,
            "token_ids": token_ids,
            "features": features,
            "sampling_params": {"max_tokens": 1, "prompt_logprobs": most_likely},
        }
        answer = self._post(f"{self.base_url}/inference/v1/generate", json=body)
        return [
            {int(token): one["logprob"] for token, one in row.items()}
            for row in answer["prompt_logprobs"][start:]
        ]

    def post(self, route: str, body: Any, until: float) -> Any:
        """Ask for something that must be done at a certain time."""
        left = max(_SHORTEST_TIMEOUT_S, until - time.monotonic())
        return self.session.post(f"{self.base_url}/{route}", json=body, timeout=left)
