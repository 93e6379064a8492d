"""All samplers of a run behind the methods that TRL calls on its one client."""

from __future__ import annotations

import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from .errors import WorkerError
from .weights import TensorInfo, write_safetensors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

Result = TypeVar("Result")
_REQUESTS_A_SAMPLER = 64


class SamplerLike(Protocol):
    """What the fleet needs of a sampler."""

    def image_features(self, images: list[Any]) -> list[Any]:
        """Prepared pixels of each prompt's images."""

    def generate(
        self, prompts: list[list[int]], features: list[Any] | None, **sampling: Any
    ) -> dict[str, Any]:
        """Completions with the log-probabilities of their tokens."""

    def load(self, folder: Path) -> None:
        """Take the weights in a folder."""


@dataclass(frozen=True)
class Sync:
    """One transfer of weights to all samplers. Unit: seconds, bytes of tensor data."""

    version: int
    seconds: float
    bytes: int


class SamplerFleet:
    """Samples from several servers, prompt i on server i mod S, and brings them weights by disk.

    Any sampler that fails ends the call with its error. ``folder`` must be visible to all servers;
    it holds the latest weights only, and twice their size for a moment during a sync.
    """

    def __init__(
        self, samplers: Sequence[SamplerLike], folder: Path, on_sync: Callable[[Sync], None]
    ) -> None:
        self._samplers = samplers
        self._folder = folder
        self._on_sync = on_sync
        self._version = 0
        shutil.rmtree(folder, ignore_errors=True)  # what a killed trainer left behind

    def image_features(self, images: list[Any]) -> list[Any]:
        """Prepared pixels of each prompt's images, made by the servers."""
        return self._map(len(images), lambda sampler, i: sampler.image_features([images[i]])[0])

    def generate(
        self, prompts: list[list[int]], features: list[Any] | None = None, **sampling: Any
    ) -> dict[str, Any]:
        """Completions of all prompts, in the order of the prompts, each group from one server."""

        def one(sampler: SamplerLike, i: int) -> dict[str, Any]:
            return sampler.generate(
                [prompts[i]], None if features is None else [features[i]], **sampling
            )

        answers = self._map(len(prompts), one)
        return {
            key: None if answers[0][key] is None else [row for each in answers for row in each[key]]
            for key in answers[0]
        }

    def update_named_params(
        self, metadata: Sequence[TensorInfo], named_params: Iterable[tuple[str, Any]]
    ) -> None:
        """Write one folder with all weights, and have every server load it.

        All weights, always: part of a fused layer (q without k and v) is loaded silently wrong.
        Errors: WorkerError when the disk refuses or a server does.
        """
        start = time.perf_counter()
        self._version += 1
        folder = self._folder / f"v{self._version:06d}"
        try:
            folder.mkdir(parents=True)
            size = write_safetensors(folder / "model.safetensors", metadata, named_params)
        except OSError as error:
            raise WorkerError(f'Cannot write weights to "{folder}": {error}') from error
        with ThreadPoolExecutor(len(self._samplers)) as pool:
            list(pool.map(lambda sampler: sampler.load(folder), self._samplers))
        shutil.rmtree(self._folder / f"v{self._version - 1:06d}", ignore_errors=True)
        self._on_sync(Sync(self._version, time.perf_counter() - start, size))

    def reset_prefix_cache(self) -> None:
        """Nothing to do: TRL calls it after a sync, and loading has reset all three caches."""

    def close(self) -> None:
        """Remove the weights that were written for the samplers."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _map(self, count: int, call: Callable[[SamplerLike, int], Result]) -> list[Result]:
        samplers = self._samplers
        with ThreadPoolExecutor(min(count, _REQUESTS_A_SAMPLER * len(samplers))) as pool:
            return list(pool.map(lambda i: call(samplers[i % len(samplers)], i), range(count)))
