"""Weights by disk: one safetensors file, which every sampler reloads."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from .errors import SamplerError, WorkerError
from .weights import TensorInfo, write_safetensors

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from .sampler import Sampler
    from .transport import Confirmed, NamedTensors, Outcomes
    from .weight_folder import WeightFolder


class DiskTransport:
    """Works everywhere: on CPU, on one GPU that trainer and sampler share, across hosts.

    The folder must be visible to all servers under the same path. It holds the latest weights, for
    servers that come back, and twice their size for a moment during a push.
    """

    def __init__(self, folder: WeightFolder) -> None:
        self._folder = folder
        self._number = 0
        self._latest: Path | None = None

    def push(
        self,
        samplers: Sequence[Sampler],
        metadata: Sequence[TensorInfo],
        named_tensors: NamedTensors,
        until: float,
        confirmed: Confirmed,
    ) -> Outcomes:
        """See `WeightTransport`. Errors: WorkerError when the disk refuses."""
        self._number += 1
        folder, old = self._folder.version(self._number), self._latest
        try:
            folder.mkdir()
            write_safetensors(folder / "model.safetensors", metadata, named_tensors)
        except OSError as error:
            raise WorkerError(f'Cannot write weights to "{folder}": {error}') from error
        self._latest = folder

        def load(sampler: Sampler) -> SamplerError | None:
            try:
                sampler.load(folder, until)
            except SamplerError as error:
                return error
            confirmed(sampler.name)
            return None

        with ThreadPoolExecutor(len(samplers)) as pool:
            outcomes = list(pool.map(load, samplers))
        if old is not None:
            shutil.rmtree(old, ignore_errors=True)
        return outcomes

    def catch_up(self, sampler: Sampler, until: float) -> bool:
        """Load the folder of the latest push; before the first there is nothing to load."""
        if self._latest is not None:
            sampler.load(self._latest, until)
        return True

    def close(self) -> None:
        """Remove the weights that were written for the samplers."""
        self._folder.close()
