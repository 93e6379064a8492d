"""Client of one vLLM server: as TRL's, with short limits, plain errors, weights by disk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import requests
from requests.adapters import HTTPAdapter
from trl.generation.vllm_client import VLLMClient

from .errors import WorkerError

if TYPE_CHECKING:
    from pathlib import Path

_LOGPROBS_MODE = "raw_logprobs"
_CACHES = ("mm", "encoder", "prefix")
_QUOTED_CHARACTERS = 300
_ERROR_STATUS = 400


class Sampler(VLLMClient):
    """One server, named by its URL.

    Differs from TRL's client in what a run must be able to rely on: no silent retries (TRL waits a
    minute for a dead server) and a time limit on every request (TRL has none).

    Unit: seconds. Errors: WorkerError for a server that is down, slow or refuses.
    """

    def __init__(self, url: str, connect_timeout_s: float, timeout_s: float) -> None:
        self._adapter = _PlainAdapter(connect_timeout_s, timeout_s)
        super().__init__(base_url=url)
        mode = self.get_server_info()["model_config"]["logprobs_mode"]
        if mode != _LOGPROBS_MODE:
            raise WorkerError(
                f'Cannot use sampler "{url}": --logprobs-mode is {mode}, expected {_LOGPROBS_MODE}'
            )

    def check_server(self, total_timeout: float = 0.0, retry_interval: float = 2.0) -> None:
        """Ask for its health once; TRL calls this while it sets up the connection."""
        del total_timeout, retry_interval
        self.session.mount("http://", self._adapter)
        self.session.mount("https://", self._adapter)
        self.session.get(f"{self.base_url}/health")

    def load(self, folder: Path) -> None:
        """Load weights from a folder in place, then drop all that the old weights computed.

        All three caches must go: with the encoder cache kept, vLLM 0.31 dies at the next image that
        it has seen before (EngineDeadError); with the others kept, it answers from old weights.
        """
        request = {"method": "reload_weights", "kwargs": {"weights_path": str(folder)}}
        self.session.post(f"{self.base_url}/collective_rpc", json=request)
        for cache in _CACHES:
            answer = self.session.post(f"{self.base_url}/reset_{cache}_cache")
            if answer.text and answer.json() not in (None, {}, {"success": True}):
                raise WorkerError(
                    f'Cannot reset the {cache} cache of sampler "{self.base_url}": '
                    f"answered {answer.text}, expected success"
                )


class _PlainAdapter(HTTPAdapter):
    """Time limits on every request; every failure is a WorkerError of one sentence."""

    def __init__(self, connect_timeout_s: float, timeout_s: float) -> None:
        super().__init__(pool_maxsize=64)
        self._limits = (connect_timeout_s, timeout_s)

    def send(
        self, request: requests.PreparedRequest, *args: Any, **kwargs: Any
    ) -> requests.Response:
        kwargs["timeout"] = self._limits
        what = f'Cannot use sampler at "{request.url}"'
        try:
            response = super().send(request, *args, **kwargs)
        except requests.Timeout as error:
            connect, read = self._limits
            raise WorkerError(
                f"{what}: no answer, expected one within {connect:g} s to connect and {read:g} s"
            ) from error
        except requests.RequestException as error:
            raise WorkerError(
                f"{what}: {_cause(error)}, expected a vLLM server that answers"
            ) from error
        if response.status_code >= _ERROR_STATUS:
            said = " ".join(response.text.split())[:_QUOTED_CHARACTERS]
            raise WorkerError(f"{what}: answered {response.status_code} {said}, expected 200")
        return response


def _cause(error: BaseException) -> str:
    """The innermost reason, such as "Connection refused"."""
    while (inner := error.__cause__ or error.__context__) is not None:
        error = inner
    return str(getattr(error, "strerror", None) or error) or type(error).__name__
