"""HTTP as a run needs it: a limit on every request, every failure one sentence."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

import requests
from requests.adapters import BaseAdapter, HTTPAdapter

from .errors import IntegrityError, SamplerError, SamplerTimeoutError, WorkerError

if TYPE_CHECKING:
    from .endpoints import SamplerEndpoint

_QUOTED_CHARACTERS = 300
_CLIENT_FAULT, _SERVER_FAULT = 400, 500
_NOT_FINITE = "Out of range float values are not JSON compliant"
"""What vLLM 0.31 says, with status 400, of NaN in its answer."""


class PlainAdapter(BaseAdapter):
    """Talks to one sampler; a request without a time limit of its own gets the sampler's.

    No request is repeated here: TRL's client waits a minute for a server that is gone. None uses
    the connection of another one: vLLM closes what was idle for 5 s, and the first request after a
    step of just that length met a connection being closed ("Connection reset by peer"). It is ended
    here, since not every server says that it does so too.

    Unit: seconds. Errors: SamplerTimeoutError for a server that is slow, SamplerError for one that
    is down or fails (5xx): another may do better. WorkerError for a request that it refuses (4xx):
    no other would take it. IntegrityError for log-probabilities that are not numbers.
    """

    def __init__(
        self, endpoint: SamplerEndpoint, connect_timeout_s: float, timeout_s: float
    ) -> None:
        super().__init__()
        self._log = f'; its log is "{endpoint.log}"' if endpoint.log else ""
        self._limits = (connect_timeout_s, timeout_s)

    def send(
        self, request: requests.PreparedRequest, *args: Any, **kwargs: Any
    ) -> requests.Response:
        """Send a request, once."""
        connect, read = self._limits
        if kwargs.get("timeout") is not None:
            read = float(kwargs["timeout"])
        kwargs["timeout"] = (connect, read)
        request.headers["Connection"] = "close"
        what = f'Cannot use sampler at "{request.url}"'
        try:
            with closing(HTTPAdapter()) as once:
                response = once.send(request, *args, **kwargs)
                response.content  # noqa: B018 - read, while the connection is there
        except requests.Timeout as error:
            limits = f"{connect:g} s to connect and {read:g} s"
            raise SamplerTimeoutError(
                f"{what}: no answer, expected one within {limits}{self._log}"
            ) from error
        except requests.RequestException as error:
            wanted = f"expected a vLLM server that answers{self._log}"
            raise SamplerError(f"{what}: {_cause(error)}, {wanted}") from error
        if response.status_code >= _CLIENT_FAULT and _NOT_FINITE in response.text:
            raise IntegrityError(
                f"{what}: its log-probabilities are not finite, expected numbers; it does not hold "
                f"the trainer's weights, or they are not finite{self._log}"
            )
        if response.status_code >= _CLIENT_FAULT:
            said = " ".join(response.text.split())[:_QUOTED_CHARACTERS]
            kind = SamplerError if response.status_code >= _SERVER_FAULT else WorkerError
            raise kind(f"{what}: answered {response.status_code} {said}, expected 200{self._log}")
        return response

    def close(self) -> None:
        """Nothing is left open between requests."""


def _cause(error: BaseException) -> str:
    """The innermost reason, such as "Connection refused"."""
    while (inner := error.__cause__ or error.__context__) is not None:
        error = inner
    return str(getattr(error, "strerror", None) or error) or type(error).__name__
